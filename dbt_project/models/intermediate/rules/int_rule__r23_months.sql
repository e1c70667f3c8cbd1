-- R23, month by month: whether the people of resettlement sites have work. Counties and up are judged on their pooled
-- sites, and only when enough households live on them: one small site must not colour a prefecture. Of fewer able to
-- work than the minimum base the rate is not judged; the households without any work are a count, and stand.
with sites as (
    select * from {{ ref('int_region__site_monthly') }}
),

parameters as (
    select * from {{ ref('int_region__parameters_daily') }}
),

cuts as (
    select * from {{ ref('int_region__cuts_daily') }}
    where rule_id = 'R23'
),

scaled as (
    select
        sites.*,
        parameters.hysteresis_share,
        parameters.hysteresis_months,
        sites.labour_count < parameters.min_base as is_below_min_base,
        case when sites.region_level = 'township' then 1 else parameters.upper_level_factor end as count_factor,
        case
            when sites.region_level = 'township' then true
            else sites.site_household_count >= parameters.site_exposed_ratio * sites.vulnerable_household_count
        end as is_exposed
    from sites
    left join parameters on sites.month_end_date = parameters.as_of_date
),

-- Compared by multiplication. A level is held until the share without work is below hysteresis_share of what opens it.
graded as (
    select
        scaled.region_code, scaled.report_month, cuts.level_rank, cuts.parameter,
        cuts.threshold_value, cuts.unit, cuts.threshold_id,
        case cuts.parameter
            when 'site_employment_rate_below'
                then case
                        when not is_below_min_base
                            then scaled.employed_count < cuts.threshold_value * scaled.labour_count
                        when is_below_min_base then false
                    end
            else scaled.zero_employment_over_30d_count >= cuts.threshold_value * scaled.count_factor
        end as is_reached,
        case cuts.parameter
            when 'site_employment_rate_below'
                then scaled.labour_count - scaled.employed_count
                    >= scaled.hysteresis_share * (1 - cuts.threshold_value) * scaled.labour_count
                    and scaled.labour_count > scaled.employed_count and not scaled.is_below_min_base
            else scaled.zero_employment_over_30d_count
                >= scaled.hysteresis_share * cuts.threshold_value * scaled.count_factor
        end as is_held
    from scaled
    inner join cuts on scaled.month_end_date = cuts.as_of_date
),

-- The threshold shown is the one reached, the rate's before the count's; the lowest rate where none is.
shown as (
    select
        *,
        row_number() over (
            partition by region_code, report_month
            order by is_reached desc, case when is_reached then level_rank else -level_rank end desc, parameter
        ) as shown_first,
        max(case when is_reached then level_rank else 0 end) over (partition by region_code, report_month) as raw_rank,
        max(case when is_held then level_rank else 0 end) over (partition by region_code, report_month) as hold_rank,
        bool_or(is_reached is null or is_held is null) over (partition by region_code, report_month) as is_unjudged
    from graded
),

levels as (
    select
        scaled.* exclude (is_exposed, hysteresis_share, count_factor),
        coalesce(scaled.is_exposed, true) as is_exposed,
        shown.parameter, shown.threshold_value, shown.unit, shown.threshold_id,
    {% for rank in ['raw', 'hold'] -%}
        case
            when scaled.is_exposed is null or coalesce(shown.is_unjudged, true)
                {{- " or scaled.is_incomplete" if rank == 'hold' }} then 'unknown'
            when not scaled.is_exposed then 'none'
            else {{ rank_level('shown.' ~ rank ~ '_rank') }}
        end as {{ rank }}_level{{ ',' if not loop.last }}
    {% endfor %}
    from scaled
    left join shown
        on
            scaled.region_code = shown.region_code
            and scaled.report_month = shown.report_month
            and shown.shown_first = 1
),

{{ told_months('levels') }}
