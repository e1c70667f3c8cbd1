-- §3(2): where somebody else filled in the application, did the household put its own fingerprint, and was it told?
{{ config(materialized='view') }}

with cases as (
    select * from {{ ref('int_case__progress') }}
),

applications as (
    select * from {{ ref('int_case__applications') }}
),

judged as (
    select
        cases.*,
        applications.agent_role,
        applications.has_fingerprint,
        applications.is_household_informed,
        case
            when cases.case_kind <> 'inclusion' then 'not_applicable'
            when applications.case_id is null then 'unknown'
            when applications.agent_role is null then 'not_applicable'
            else {{ status_of('not (applications.has_fingerprint and applications.is_household_informed)') }}
        end as status
    from cases
    left join applications
        on cases.case_id = applications.case_id
),

{{ case_findings('R38', '§3(2)', {
    'agent_role': 'agent_role',
    'has_fingerprint': 'has_fingerprint',
    'is_household_informed': 'is_household_informed'
}, caution="case when agent_role is null then 'application_unknown' else 'form_unknown' end") }}
