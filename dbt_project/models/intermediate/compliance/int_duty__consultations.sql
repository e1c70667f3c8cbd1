{#
    §3(1), R35: did each town and each village hold its monthly consultation, and did the month's meetings take up all
    five inputs (self-reports, cadre checks, departments' warnings, petitions, media)? A month is judged once its report
    was due. The clause asks both levels: a town's own meeting does not stand for its villages', nor theirs for its own.
#}
{%- set inputs = ['has_self_reports', 'has_cadre_checks', 'has_department_warnings', 'has_petitions', 'has_media'] %}
with months as (
    {{ newest_period_due('consultations', 'month') }}
),

held as (
    select
        months.*,
        regions.region_code,
        case regions.region_level when 'village' then '村级' else '乡级' end as consultation_level
    from months
    inner join {{ ref('int_region__bearers_monthly') }} as regions
        on months.as_of_date = regions.as_of_date and regions.region_level in ('village', 'township')
),

met as (
    select
        held.region_code, held.as_of_date,
        count(*) as meeting_count,
        {%- for input in inputs %}
            bool_or(meetings.{{ input }}) as {{ input }},
        {%- endfor %}
        max(meetings.row_usable_from_date) as usable_from_date,
        max(meetings.known_at) as known_at
    from held
    inner join {{ ref('stg_townships__consultations') }} as meetings
        on
            held.region_code = meetings.region_code
            and held.consultation_level = meetings.consultation_level
            and held.duty_start_date <= meetings.held_date and held.duty_end_date >= meetings.held_date
            and held.as_of_date >= meetings.row_usable_from_date
    group by held.region_code, held.as_of_date
),

reported as (
    {{ reports_of('consultations', 'loads.period_end_date = held.duty_end_date') }}
),

judged as (
    select
        held.*,
        coalesce(met.meeting_count, 0) >= minimum.value as is_met,
        coalesce({{ inputs | join(' and ') }}, false) as is_complete,
        reported.region_code is not null as is_reported,
        greatest(met.usable_from_date, reported.usable_from_date) as usable_from_date,
        greatest(met.known_at, reported.known_at) as known_at
    from held
    left join met on held.region_code = met.region_code and held.as_of_date = met.as_of_date
    left join reported on held.region_code = reported.region_code and held.as_of_date = reported.as_of_date
    left join {{ thresholds_of('consultations_per_month') }} as minimum
        on {{ in_force_on('minimum', 'held.duty_end_date') }}
),

final as (
    select
        region_code,
        as_of_date,
        substring(cast(duty_start_date as varchar), 1, 7) as duty_period,
        1 as due_count,
        case when is_met and is_complete then 1 else 0 end as kept_count,
        case
            when is_met is null then 1
            when is_reported or (is_met and is_complete) then 0
            else 1
        end as unknown_count,
        case when is_met and not is_complete then 1 else 0 end as incomplete_count,
        case
            when is_met is null then 'no_threshold_in_force'
            when not is_reported then 'delivery_missing'
        end as caution,
        usable_from_date,
        known_at
    from judged
)

select * from final
