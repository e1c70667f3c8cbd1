{#
    §1, R77: did the first measure begin within the time allowed after inclusion? The households labelled in the newest
    month for which that time had run out, and the measures' report was due, by the day judged.
#}
with measured as (
    {{ newest_period_due('measures', 'month') }}
),

cohorts as (
    select
        measured.as_of_date,
        measured.duty_end_date as report_date,
        allowed.value as allowed_months,
        cast(
            measured.duty_start_date - to_months(cast(coalesce(allowed.value, 0) as integer)) as date
        ) as duty_start_date
    from measured
    left join {{ thresholds_of('first_measure_months') }} as allowed
        on {{ in_force_on('allowed', 'measured.as_of_date') }}
),

held as (
    select
        villages.region_code, cohorts.as_of_date, cohorts.duty_start_date, cohorts.report_date as duty_end_date,
        cohorts.allowed_months
    from cohorts
    inner join {{ ref('int_region__bearers_monthly') }} as villages
        on cohorts.as_of_date = villages.as_of_date and villages.region_level = 'village'
),

reported as (
    {{ reports_of('measures', 'loads.period_end_date = held.duty_end_date') }}
),

judged as (
    select
        held.*,
        times.case_code,
        coalesce(
            times.first_measure_usable_from_date <= held.as_of_date
            and times.first_measure_date
            <= times.included_date + to_months(cast(held.allowed_months as integer)), false
        ) as is_kept,
        reported.region_code is not null and held.allowed_months is not null as is_reported,
        greatest(
            times.usable_from_date, reported.usable_from_date,
            case when times.first_measure_usable_from_date <= held.as_of_date then first_measure_usable_from_date end
        ) as usable_from_date,
        greatest(times.known_at, reported.known_at) as known_at
    from held
    left join reported on held.region_code = reported.region_code and held.as_of_date = reported.as_of_date
    left join {{ ref('int_household__inclusion_times') }} as times
        on
            held.region_code = times.village_code
            and held.duty_start_date = date_trunc('month', times.included_date)
            and held.as_of_date >= times.usable_from_date
),

final as (
    select
        region_code,
        as_of_date,
        substring(cast(max(duty_start_date) as varchar), 1, 7) as duty_period,
        count(case_code) as due_count,
        count(case_code) filter (where is_kept) as kept_count,
        count(case_code) filter (where not is_kept and not is_reported) as unknown_count,
        case
            when bool_or(allowed_months is null) then 'no_threshold_in_force'
            when not bool_and(is_reported) then 'delivery_missing'
        end as caution,
        max(usable_from_date) as usable_from_date,
        max(known_at) as known_at
    from judged
    group by region_code, as_of_date
)

select * from final
