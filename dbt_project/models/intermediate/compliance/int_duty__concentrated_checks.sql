{#
    §3(1), R32: was each village checked house by house once in the year? From 1 October (a parameter) the running year
    is judged: what is not checked yet is outstanding, not a breach. In the months before, the year before is judged:
    outstanding until its report was due, a breach from then on. Who checked too few of the registered did not check.
#}
with clock as (
    select
        months.as_of_date,
        extract(year from months.as_of_date)
        - case when extract(month from months.as_of_date) >= from_month.value then 0 else 1 end as check_year,
        sla.due_days + sla.grace_days as report_days
    from {{ ref('int_household__judged_months') }} as months
    cross join {{ source('landing', 'feed_slas') }} as sla
    left join {{ thresholds_of('check_caution_from_month') }} as from_month
        on {{ in_force_on('from_month', 'months.as_of_date') }}
    where sla.feed = 'concentrated_checks'
),

held as (
    select
        clock.as_of_date,
        cast(clock.check_year as integer) as check_year,
        make_date(cast(clock.check_year as integer), 1, 1) as duty_start_date,
        make_date(cast(clock.check_year as integer), 12, 31) as duty_end_date,
        clock.report_days,
        villages.region_code
    from clock
    inner join {{ ref('int_region__bearers_monthly') }} as villages
        on clock.as_of_date = villages.as_of_date and villages.region_level = 'village'
),

checks as (
    select * exclude (region_code, check_year), region_code as village_code, check_year as village_check_year
    from {{ ref('stg_townships__concentrated_checks') }}
),

told as (
    select
        held.region_code, held.as_of_date, checks.*,
        row_number() over (
            partition by held.region_code, held.as_of_date
            order by checks.reported_date desc, checks.known_at desc, checks.load_id desc, checks.row_number desc
        ) as newness
    from held
    inner join checks
        on
            held.region_code = checks.village_code and held.check_year = checks.village_check_year
            and held.as_of_date >= checks.row_usable_from_date
),

reported as (
    {{ reports_of('concentrated_checks', 'loads.period_end_date between held.duty_start_date and held.duty_end_date') }}
),

judged as (
    select
        held.*,
        coalesce(told.end_date <= held.as_of_date, false)
        and told.checked_household_count >= coverage.value * told.registered_household_count as is_kept,
        reported.region_code is not null and held.as_of_date >= held.duty_end_date + held.report_days as is_final,
        reported.region_code is not null as is_reported,
        coalesce(told.checked_household_count, 0) as checked_household_count,
        coalesce(told.found_household_count, 0) as found_household_count,
        coverage.value is null as lacks_threshold,
        greatest(told.row_usable_from_date, reported.usable_from_date) as usable_from_date,
        greatest(told.known_at, reported.known_at) as known_at
    from held
    left join told
        on held.region_code = told.region_code and held.as_of_date = told.as_of_date and told.newness = 1
    left join reported on held.region_code = reported.region_code and held.as_of_date = reported.as_of_date
    left join {{ thresholds_of('check_coverage_ratio') }} as coverage
        on {{ in_force_on('coverage', 'held.duty_end_date') }}
),

final as (
    select
        region_code, as_of_date,
        cast(check_year as varchar) as duty_period,
        1 as due_count,
        case when is_kept then 1 else 0 end as kept_count,
        case when lacks_threshold or (not coalesce(is_kept, false) and not is_final) then 1 else 0 end as unknown_count,
        checked_household_count, found_household_count,
        case
            when lacks_threshold then 'no_threshold_in_force'
            when is_kept or is_final then null
            when as_of_date < duty_end_date + report_days then 'check_outstanding'
            else 'delivery_missing'
        end as caution,
        usable_from_date, known_at
    from judged
)

select * from final
