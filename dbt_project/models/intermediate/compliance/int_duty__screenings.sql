{#
    §3(1), R33: did each department screen in each county in the quarter? Zero runs is a breach, zero warnings is not: a
    run that found nothing is a run. A quarter is judged once its report was due: the running one never is. Without a
    report of the quarter's last month no one can say that nothing was run.
#}
with quarters as (
    {{ newest_period_due('screening_runs', 'quarter') }}
),

held as (
    select
        quarters.as_of_date, quarters.duty_start_date, quarters.duty_end_date,
        counties.region_code,
        departments.department_code, departments.department_text
    from quarters
    inner join {{ ref('int_region__bearers_monthly') }} as counties
        on quarters.as_of_date = counties.as_of_date and counties.region_level = 'county'
    inner join {{ ref('department_duties') }} as departments
        on departments.rule_id = 'R33'
),

-- a run of the prefecture's own department speaks for each of its counties
ran as (
    select
        held.region_code, held.department_code, held.as_of_date,
        count(*) as run_count,
        sum(runs.warning_count) as warning_count,
        max(runs.row_usable_from_date) as usable_from_date,
        max(runs.known_at) as known_at
    from held
    inner join {{ ref('stg_departments__screening_runs') }} as runs
        on
            held.department_text = runs.department
            and held.duty_start_date = runs.screened_quarter
            and held.as_of_date >= runs.row_usable_from_date
            and {{ scope_holds('runs.region_code', 'held.region_code') }}
    group by held.region_code, held.department_code, held.as_of_date
),

reported as (
    {{ reports_of('screening_runs', 'loads.period_end_date = held.duty_end_date') }}
),

judged as (
    select
        held.*,
        coalesce(ran.run_count, 0) >= minimum.value as is_kept,
        reported.region_code is not null as is_reported,
        coalesce(ran.warning_count, 0) as warning_count,
        greatest(ran.usable_from_date, reported.usable_from_date) as usable_from_date,
        greatest(ran.known_at, reported.known_at) as known_at
    from held
    left join ran using (region_code, department_code, as_of_date)
    left join reported using (region_code, as_of_date)
    left join {{ thresholds_of('screening_runs_per_quarter') }} as minimum
        on {{ in_force_on('minimum', 'held.duty_end_date') }}
),

final as (
    select
        region_code,
        department_code,
        as_of_date,
        extract(year from duty_start_date) || '-Q' || extract(quarter from duty_start_date) as duty_period,
        1 as due_count,
        case when is_kept then 1 else 0 end as kept_count,
        case when is_kept is null or (not is_kept and not is_reported) then 1 else 0 end as unknown_count,
        warning_count,
        case
            when is_kept is null then 'no_threshold_in_force'
            when not is_reported then 'delivery_missing'
        end as caution,
        usable_from_date,
        known_at
    from judged
)

select * from final
