-- R24, month by month: whether the people of resettlement sites have settled, by the integration index. Counties and up
-- are judged on their pooled sites, and only when enough households live on them (as in R23); sites of fewer households
-- than the minimum base give counts, no level.
with sites as (
    select * from {{ ref('int_region__integration_monthly') }}
),

parameters as (
    select * from {{ ref('int_region__parameters_daily') }}
),

cuts as (
    select * from {{ ref('int_region__cuts_daily') }}
    where rule_id = 'R24' and parameter = 'integration_index_below'
),

-- Compared by multiplication. A level is held until what is missing to a hundred is below hysteresis_share of what
-- opens it.
graded as (
    {%- set lacking = '100 * sites.site_household_count - sites.index_sum' %}
    select
        sites.region_code,
        sites.report_month,
        coalesce(max(cuts.level_rank) filter (
            where sites.index_sum < cuts.threshold_value * sites.site_household_count
        ), 0) as raw_rank,
        coalesce(max(cuts.level_rank) filter (
            where
            {{ lacking }} >= parameters.hysteresis_share * (100 - cuts.threshold_value) * sites.site_household_count
            and {{ lacking }} > 0
        ), 0) as hold_rank,
        min(cuts.level_rank) as lowest_rank
    from sites
    inner join parameters on sites.month_end_date = parameters.as_of_date
    inner join cuts on sites.month_end_date = cuts.as_of_date
    group by sites.region_code, sites.report_month
),

measured as (
    select
        sites.* exclude (index_sum),
        parameters.hysteresis_months,
        parameters.hysteresis_share,
        graded.raw_rank,
        graded.hold_rank,
        greatest(graded.raw_rank, graded.lowest_rank) as shown_rank,
        cast(cast(sites.index_sum as double) / sites.site_household_count as decimal(18, 6)) as integration_index,
        case
            when graded.lowest_rank is null or parameters.min_base is null then 'no_threshold_in_force'
            when sites.site_household_count < parameters.min_base then 'below_min_base'
            when sites.region_level <> 'township' and parameters.site_exposed_ratio is null
                then 'no_threshold_in_force'
            when sites.region_level <> 'township' and sites.vulnerable_household_count is null
                then 'no_household_data'
            when
                sites.region_level <> 'township'
                and sites.site_household_count < parameters.site_exposed_ratio * sites.vulnerable_household_count
                then 'few_households_on_sites'
            when sites.index_sum is null then 'integration_part_missing'
        end as caution
    from sites
    left join parameters on sites.month_end_date = parameters.as_of_date
    left join graded on sites.region_code = graded.region_code and sites.report_month = graded.report_month
),

levels as (
    select
        * exclude (raw_rank, hold_rank, hysteresis_share),
        case
            when caution in ('no_threshold_in_force', 'integration_part_missing', 'no_household_data') then 'unknown'
            when caution in ('below_min_base', 'few_households_on_sites') then 'none'
            else {{ rank_level('raw_rank') }}
        end as raw_level,
        case
            when caution in ('no_threshold_in_force', 'integration_part_missing', 'no_household_data') then 'unknown'
            when caution in ('below_min_base', 'few_households_on_sites') then 'none'
            when hysteresis_share is null then 'unknown'
            else {{ rank_level('hold_rank') }}
        end as hold_level
    from measured
),

held as (
    {{ hysteresis('levels', ['region_code'], 'report_month', 'hysteresis_months') }}
)

select * from held
