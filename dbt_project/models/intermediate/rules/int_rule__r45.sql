{#
    §3(2): was the household labelled in the national system within the working days allowed after the county filed? While
    it is not, the clock runs to the day judged. Where only the national list shows the label, its day is unknown.
#}
{{ config(materialized='view') }}

with cases as (
    select * from {{ ref('int_case__progress') }}
),

limits as (
    select * from {{ thresholds_of('labelling_working_days') }}
),

measured as (
    select
        cases.*,
        limits.value as limit_days,
        limits.threshold_id,
        case
            when cases.labelled_date is not null or cases.listed_month is null
                then {{ working_days_after('filed', 'stopped') }}
        end as working_day_count
    from cases
    left join {{ ref('calendar_days') }} as filed on cases.county_filing_date = filed.calendar_date
    left join {{ ref('calendar_days') }} as stopped
        on coalesce(cases.labelled_date, cases.as_of_date) = stopped.calendar_date
    left join limits on {{ in_force_on('limits', 'cases.county_filing_date') }}
),

judged as (
    select
        *,
        case
            {{ case_guard('inclusion') }}
            when reached_rank < county_filing_rank then 'not_applicable'
            else {{ status_of('(working_day_count > limit_days)') }}
        end as status
    from measured
),

{{ case_findings('R45', '§3(2)', {
    'county_filing_date': 'cast(county_filing_date as varchar)',
    'labelled_date': 'cast(labelled_date as varchar)',
    'listed_month': 'cast(listed_month as varchar)'
}, caution="case
            when not has_procedure then 'no_procedure_record'
            when county_filing_date is null then 'step_not_recorded'
            when labelled_date is null and listed_month is not null then 'label_date_unknown'
            when working_day_count is null then 'working_days_unknown'
            else 'no_threshold_in_force'
        end", observed='working_day_count', unit="'working days'", threshold='limit_days',
    threshold_id='threshold_id') }}
