-- R20, month by month: employed labour of vulnerable households against the same month of the year before, never
-- against the month before, because people come home for the Spring Festival and the harvest every year.
with employed as (
    select * from {{ ref('int_region__employed_monthly') }}
),

parameters as (
    select * from {{ ref('int_region__parameters_daily') }}
),

cuts as (
    select * from {{ ref('int_region__cuts_daily') }}
    where rule_id = 'R20' and parameter = 'employed_fall_on_year'
),

-- Compared by multiplication: a fall by a share is that many of last year's employed.
graded as (
    select
        employed.region_code,
        employed.report_month,
        coalesce(max(cuts.level_rank) filter (
            where
            employed.employed_before_count - employed.employed_count
            >= cuts.threshold_value * employed.employed_before_count
        ), 0) as raw_rank,
        coalesce(max(cuts.level_rank) filter (
            where
            employed.employed_before_count - employed.employed_count
            >= parameters.hysteresis_share * cuts.threshold_value * employed.employed_before_count
        ), 0) as hold_rank,
        min(cuts.level_rank) as lowest_rank
    from employed
    inner join parameters on employed.month_end_date = parameters.as_of_date
    inner join cuts on employed.month_end_date = cuts.as_of_date
    group by employed.region_code, employed.report_month
),

measured as (
    select
        employed.*,
        parameters.hysteresis_months,
        parameters.hysteresis_share,
        graded.raw_rank,
        graded.hold_rank,
        greatest(graded.raw_rank, graded.lowest_rank) as shown_rank,
        case
            when parameters.min_base is null or graded.lowest_rank is null then 'no_threshold_in_force'
            when employed.vulnerable_household_count < parameters.min_base then 'below_min_base'
            when coalesce(employed.employed_before_count, 0) = 0 then 'no_year_before'
        end as caution,
        cast(
            cast(employed.employed_before_count - employed.employed_count as double)
            / nullif(employed.employed_before_count, 0) as decimal(18, 6)
        ) as fall_ratio
    from employed
    left join parameters on employed.month_end_date = parameters.as_of_date
    left join graded
        on employed.region_code = graded.region_code and employed.report_month = graded.report_month
),

levels as (
    select
        * exclude (raw_rank, hold_rank, hysteresis_share),
        case
            when caution in ('no_threshold_in_force', 'no_year_before') then 'unknown'
            when caution = 'below_min_base' then 'none'
            else {{ rank_level('raw_rank') }}
        end as raw_level,
        case
            when caution in ('no_threshold_in_force', 'no_year_before') then 'unknown'
            when caution = 'below_min_base' then 'none'
            when hysteresis_share is null then 'unknown'
            else {{ rank_level('hold_rank') }}
        end as hold_level
    from measured
),

held as (
    {{ hysteresis('levels', ['region_code'], 'report_month', 'hysteresis_months') }}
)

select * from held
