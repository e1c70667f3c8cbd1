{#
    §5(2), R73: did the departments of each county consult in the quarter, and settle what to do? 定期 is read as once a
    quarter (project default); a meeting without a decision does not count. The prefecture's meeting is not its counties'.
#}
with quarters as (
    {{ newest_period_due('consultations', 'quarter') }}
),

held as (
    select quarters.*, counties.region_code
    from quarters
    inner join {{ ref('int_region__bearers_monthly') }} as counties
        on quarters.as_of_date = counties.as_of_date and counties.region_level = 'county'
),

met as (
    select
        held.region_code, held.as_of_date,
        count(*) filter (where coalesce(meetings.action_count, 0) > 0) as decided_count,
        count(*) as meeting_count,
        max(meetings.row_usable_from_date) as usable_from_date,
        max(meetings.known_at) as known_at
    from held
    inner join {{ ref('stg_townships__consultations') }} as meetings
        on
            held.region_code = meetings.region_code
            and held.duty_start_date <= meetings.held_date and held.duty_end_date >= meetings.held_date
            and held.as_of_date >= meetings.row_usable_from_date
    where meetings.consultation_level = '部门'
    group by held.region_code, held.as_of_date
),

reported as (
    {{ reports_of('consultations', 'loads.period_end_date = held.duty_end_date') }}
),

judged as (
    select
        held.*,
        coalesce(met.decided_count, 0) >= minimum.value as is_kept,
        coalesce(met.meeting_count, 0) as meeting_count,
        reported.region_code is not null as is_reported,
        greatest(met.usable_from_date, reported.usable_from_date) as usable_from_date,
        greatest(met.known_at, reported.known_at) as known_at
    from held
    left join met on held.region_code = met.region_code and held.as_of_date = met.as_of_date
    left join reported on held.region_code = reported.region_code and held.as_of_date = reported.as_of_date
    left join {{ thresholds_of('department_meetings_per_quarter') }} as minimum
        on {{ in_force_on('minimum', 'held.duty_end_date') }}
),

final as (
    select
        region_code,
        as_of_date,
        extract(year from duty_start_date) || '-Q' || extract(quarter from duty_start_date) as duty_period,
        1 as due_count,
        case when is_kept then 1 else 0 end as kept_count,
        case when is_kept is null or (not is_kept and not is_reported) then 1 else 0 end as unknown_count,
        meeting_count,
        case
            when is_kept is null then 'no_threshold_in_force'
            when not is_reported then 'delivery_missing'
        end as caution,
        usable_from_date,
        known_at
    from judged
)

select * from final
