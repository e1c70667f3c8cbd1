{#
    §3(2): did the township accept an application by APP or platform within the working days allowed after it reached
    the township, and record the result? Paper has no stated limit. While nothing is decided the clock runs to the day
    judged; past the first limit a caution goes with the answer.
#}
{{ config(materialized='view') }}

with cases as (
    select * from {{ ref('int_case__progress') }}
),

applications as (
    select * from {{ ref('int_case__applications') }}
),

limits as (
    select * from {{ thresholds_of('acceptance_working_days') }}
),

near_limits as (
    select * from {{ thresholds_of('acceptance_caution_working_days') }}
),

clocks as (
    select
        cases.*,
        applications.case_id is not null as has_application,
        applications.application_form,
        applications.town_received_date,
        applications.application_result,
        coalesce(applications.accepted_date, applications.settled_date) as decided_date
    from cases
    left join applications
        on cases.case_id = applications.case_id
),

measured as (
    select
        clocks.*,
        {{ working_days_after('received', 'stopped') }} as working_day_count,
        {{ working_days_after('received', 'today') }} as days_to_today,
        limits.value as limit_days,
        limits.threshold_id,
        near_limits.value as near_days
    from clocks
    left join {{ ref('calendar_days') }} as received on clocks.town_received_date = received.calendar_date
    left join {{ ref('calendar_days') }} as stopped
        on coalesce(clocks.decided_date, clocks.as_of_date) = stopped.calendar_date
    left join {{ ref('calendar_days') }} as today on clocks.as_of_date = today.calendar_date
    left join limits on {{ in_force_on('limits', 'clocks.town_received_date') }}
    left join near_limits on {{ in_force_on('near_limits', 'clocks.town_received_date') }}
),

judged as (
    select
        *,
        case
            when case_kind <> 'inclusion' then 'not_applicable'
            when not has_application then 'unknown'
            when application_form in ('paper', 'other') then 'not_applicable'
            when application_form is null or working_day_count is null or limit_days is null then 'unknown'
            when working_day_count > limit_days then 'raised'
            when application_result is null and days_to_today > limit_days then 'raised'
            else 'clear'
        end as status
    from measured
),

{{ case_findings('R39', '§3(2)', {
    'application_form': 'application_form',
    'town_received_date': 'cast(town_received_date as varchar)',
    'decided_date': 'cast(decided_date as varchar)',
    'is_result_recorded': 'application_result is not null',
    'caution': "case when status = 'clear' and working_day_count >= near_days then 'acceptance_near_limit' end"
}, caution="case
            when not has_application or application_form is null then 'application_unknown'
            when working_day_count is null then 'working_days_unknown'
            else 'no_threshold_in_force'
        end", observed='working_day_count', unit="'working days'", threshold='limit_days', threshold_id='threshold_id') }}
