-- §3(2): did the household apply, and by which of the ways: paper, APP, service platform or another?
{{ config(materialized='view') }}

with cases as (
    select * from {{ ref('int_case__progress') }}
),

applications as (
    select case_id, application_code, application_form from {{ ref('int_case__applications') }}
),

judged as (
    select
        cases.*,
        applications.application_code,
        applications.application_form,
        case
            when cases.case_kind <> 'inclusion' then 'not_applicable'
            when applications.application_form is not null then 'clear'
            when cases.applied_date is not null or applications.application_code is not null then 'unknown'
            when not cases.has_procedure then 'unknown'
            else 'raised'
        end as status
    from cases
    left join applications
        on cases.case_id = applications.case_id
),

{{ case_findings('R36', '§3(2)', {
    'application_form': 'application_form',
    'application_code': 'application_code',
    'case_origin': 'case_origin'
}, caution="'application_unknown'") }}
