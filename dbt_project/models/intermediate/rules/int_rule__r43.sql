{#
    §3(2): did the list hang in the village long enough? The draft lost the unit of "not less than 5": under so many
    calendar days is a breach, under so many working days a caution. The day of posting does not count.
#}
{{ config(materialized='view') }}

with cases as (
    select * from {{ ref('int_case__progress') }}
),

calendar as (
    select * from {{ thresholds_of('publicity_min_calendar_days') }}
),

working as (
    select * from {{ thresholds_of('publicity_min_working_days') }}
),

judged as (
    select
        cases.*,
        calendar.value as min_calendar_days,
        calendar.threshold_id,
        case
            {{ case_guard('inclusion') }}
            when cases.publicity_end_date is null and cases.reached_rank <= cases.publicity_rank then 'not_applicable'
            else {{ status_of('(cases.publicity_calendar_days < calendar.value)') }}
        end as status,
        cases.publicity_working_days < working.value as is_under_working_days
    from cases
    left join calendar
        on {{ in_force_on('calendar', 'cases.publicity_date') }}
    left join working
        on {{ in_force_on('working', 'cases.publicity_date') }}
),

{{ case_findings('R43', '§3(2)', {
    'publicity_date': 'cast(publicity_date as varchar)',
    'publicity_end_date': 'cast(publicity_end_date as varchar)',
    'publicity_working_days': 'publicity_working_days',
    'caution': "case when is_under_working_days then 'publicity_under_working_days' end"
}, caution="case
            when not has_procedure then 'no_procedure_record'
            when publicity_calendar_days is null then 'publicity_dates_unknown'
            else 'no_threshold_in_force'
        end", observed='publicity_calendar_days', unit="'calendar days'", threshold='min_calendar_days',
    threshold_id='threshold_id') }}
