{#
    §5(3), R74: two traces of work that was not done. Entries: steps and visits that were entered longer after their day
    than allowed, by the month of entry. Findings: of evaluations and unannounced visits whose time to be rectified is
    over, those that are not. By village where it is known, else by township. Who entered them when is not told: unknown.
#}
with months as (
    select as_of_date, month_start_date from {{ ref('int_household__judged_months') }}
),

entries as (
    select region_code, step_date as done_date, entered_date, row_usable_from_date, known_at
    from {{ ref('stg_townships__procedure_events') }}
    union all
    select region_code, visit_date as done_date, entered_date, row_usable_from_date, known_at
    from {{ ref('stg_townships__cadre_visits') }}
),

entered as (
    select
        entries.region_code, months.as_of_date,
        case when entries.entered_date - entries.done_date <= allowed.value then 1 else 0 end as is_kept,
        case when entries.entered_date is null or allowed.value is null then 1 else 0 end as is_unknown,
        1 as is_entry,
        entries.row_usable_from_date, entries.known_at
    from entries
    inner join months
        on
            entries.row_usable_from_date <= months.as_of_date
            and date_trunc('month', coalesce(entries.entered_date, entries.row_usable_from_date))
            = months.month_start_date
    left join {{ thresholds_of('backdating_days') }} as allowed
        on {{ in_force_on('allowed', 'months.as_of_date') }}
),

stated as (
    select
        findings.region_code, months.as_of_date, findings.rectified_date, findings.rectify_due_date,
        findings.row_usable_from_date, findings.known_at,
        row_number() over (
            partition by months.as_of_date, findings.finding_code
            order by findings.state_date desc, findings.known_at desc, findings.load_id desc, findings.row_number desc
        ) as newness
    from {{ ref('stg_reference__evaluations') }} as findings
    inner join months on findings.row_usable_from_date <= months.as_of_date
),

rectified as (
    select
        region_code, as_of_date,
        case when rectified_date <= as_of_date then 1 else 0 end as is_kept,
        case when rectified_date is null and rectify_due_date is null then 1 else 0 end as is_unknown,
        0 as is_entry,
        row_usable_from_date, known_at
    from stated
    where newness = 1 and (rectify_due_date is null or rectify_due_date < as_of_date or rectified_date <= as_of_date)
),

traces as (
    select * from entered
    union all
    select * from rectified
),

places as (
    select region_code, as_of_date from {{ ref('int_region__bearers_monthly') }}
    where region_level in ('village', 'township')
),

final as (
    select
        places.region_code,
        cast(null as varchar) as department_code,
        places.as_of_date,
        substring(cast(places.as_of_date as varchar), 1, 7) as duty_period,
        count(traces.is_kept) as due_count,
        cast(coalesce(sum(traces.is_kept), 0) as bigint) as kept_count,
        cast(coalesce(sum(traces.is_unknown), 0) as bigint) as unknown_count,
        count(*) filter (where is_entry = 1 and is_kept = 0 and is_unknown = 0) as backdated_count,
        count(*) filter (where is_entry = 0 and is_kept = 0 and is_unknown = 0) as unrectified_count,
        case when max(traces.is_unknown) = 1 then 'entry_date_missing' end as caution,
        max(traces.row_usable_from_date) as usable_from_date,
        max(traces.known_at) as known_at
    from places
    left join traces
        on places.region_code = traces.region_code and places.as_of_date = traces.as_of_date
    group by places.region_code, places.as_of_date
)

select * from final
