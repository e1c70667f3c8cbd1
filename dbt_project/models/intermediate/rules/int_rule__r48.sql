{#
    §3(3): was the risk marked eliminated by the same ladder: village review, publicity long enough, township, county,
    announcement, mark; nothing left out, nothing before its turn, no objection open? The checks of inclusion, together.
#}
{{ config(materialized='view') }}

with cases as (
    select * from {{ ref('int_case__progress') }}
),

calendar as (
    select * from {{ thresholds_of('publicity_min_calendar_days') }}
),

checked as (
    -- a step not reached yet breaks nothing; a list whose end is missing is unknown to what follows it
    select
        cases.*,
        calendar.value as min_calendar_days,
        calendar.threshold_id,
        cases.skipped_step_count + cases.disordered_step_count as defect_count,
        cases.publicity_end_date is null or cases.publicity_calendar_days >= calendar.value as is_posted_long_enough,
        case
            when cases.reached_rank < cases.town_review_rank then true
            else
                cases.publicity_end_date < cases.town_review_date
                and (cases.objection_count = 0 or (cases.objection_count is not null and cases.is_objection_resolved))
        end as is_town_after_publicity,
        case
            when cases.reached_rank < cases.county_filing_rank then true
            else cases.town_review_date < cases.county_filing_date
        end as is_filing_after_town
    from cases
    left join calendar
        on {{ in_force_on('calendar', 'cases.publicity_date') }}
),

judged as (
    select
        *,
        case
            {{ case_guard('elimination') }}
            else {{ status_of(
                'not (defect_count = 0 and is_posted_long_enough and is_town_after_publicity and is_filing_after_town)'
            ) }}
        end as status
    from checked
),

{{ case_findings('R48', '§3(3)', {
    'skipped_steps_zh': 'skipped_steps_zh',
    'disordered_steps_zh': 'disordered_steps_zh',
    'publicity_calendar_days': 'publicity_calendar_days',
    'publicity_end_date': 'cast(publicity_end_date as varchar)',
    'town_review_date': 'cast(town_review_date as varchar)',
    'county_filing_date': 'cast(county_filing_date as varchar)',
    'objection_count': 'objection_count'
}, caution="case
            when not has_procedure then 'no_procedure_record'
            when min_calendar_days is null and publicity_date is not null then 'no_threshold_in_force'
            else 'step_not_recorded'
        end", observed='defect_count', unit="'steps'", threshold='min_calendar_days', threshold_id='threshold_id') }}
