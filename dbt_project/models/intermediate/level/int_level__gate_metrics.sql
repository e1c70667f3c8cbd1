-- What the release gate looks at: one row of metrics per region, so that no row of a person ever meets a check.
with clock as (
    select distinct as_of_date from {{ source('landing', 'run_clock') }}
),

regions as (
    select region_code, region_level
    from {{ ref('int_region__current') }}
    where region_level in ('prefecture', 'county', 'township')
),

households as (
    select
        ancestors.ancestor_code as region_code,
        monthly.as_of_date,
        count(*) as household_count,
        count(*) filter (where monthly.pc_net_income_cny is null) as income_unknown_count
    from {{ ref('int_household__monthly') }} as monthly
    inner join {{ ref('int_region__ancestors') }} as ancestors
        on monthly.township_code = ancestors.region_code
    cross join clock
    where
        monthly.as_of_date = clock.as_of_date
        or monthly.as_of_date = last_day(cast(clock.as_of_date - interval 12 month as date))
    group by ancestors.ancestor_code, monthly.as_of_date
),

findings as (
    select
        ancestors.ancestor_code as region_code,
        sum(counts.household_count) as finding_count,
        count(distinct counts.rule_id) as rule_count
    from {{ ref('fct_household_finding_counts_monthly') }} as counts
    inner join {{ ref('int_region__ancestors') }} as ancestors
        on counts.township_code = ancestors.region_code
    inner join clock
        on counts.as_of_date = clock.as_of_date
    group by ancestors.ancestor_code
),

judged as (
    select
        levels.region_code,
        count(*) as level_rows,
        max(levels.level) as level,
        max(coalesce(len(string_split(nullif(levels.missing_feeds, ''), ',')), 0)) as missing_feed_count
    from {{ ref('int_level__judged_daily') }} as levels
    inner join clock
        on levels.as_of_date = clock.as_of_date
    group by levels.region_code
),

ranks as (
    select level, level_rank from {{ ref('levels') }}
),

final as (
    select
        regions.region_code,
        regions.region_level,
        coalesce(judged.level_rows, 0) as level_rows,
        coalesce(today.household_count, 0) as household_count,
        -- Every household has one answer to every rule.
        coalesce(today.household_count, 0) * coalesce(findings.rule_count, 0)
        - coalesce(findings.finding_count, 0) as findings_lost,
        cast(today.household_count as double) / nullif(last_year.household_count, 0) as household_share_of_last_year,
        cast(today.income_unknown_count as double) / nullif(today.household_count, 0) as income_unknown_ratio,
        coalesce(judged.missing_feed_count, 0) as missing_feed_count,
        disagreement.difference_ratio as cross_source_difference_ratio,
        now_rank.level_rank - last_rank.level_rank as level_steps_since_release
    from regions
    cross join clock
    left join judged
        on regions.region_code = judged.region_code
    left join households as today
        on regions.region_code = today.region_code and clock.as_of_date = today.as_of_date
    left join households as last_year
        on regions.region_code = last_year.region_code and clock.as_of_date > last_year.as_of_date
    left join findings
        on regions.region_code = findings.region_code
    left join {{ source('signals', 'last_released_levels') }} as released
        on regions.region_code = released.region_code
    left join {{ ref('int_level__disagreement') }} as disagreement
        on regions.region_code = disagreement.region_code
    left join ranks as now_rank
        on judged.level = now_rank.level
    left join ranks as last_rank
        on released.level = last_rank.level
)

select * from final
