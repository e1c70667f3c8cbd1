-- §3(2): did all four sit in the village's review: village committees, work team, supervisory committee, villagers?
{%- set roles = ['village_committee_count', 'work_team_count', 'supervisory_count', 'villager_count'] %}
{{ config(materialized='view') }}

with cases as (
    select * from {{ ref('int_case__progress') }}
),

judged as (
    select
        *,
        {%- for column in roles %}
            case when {{ column }} > 0 then 1 else 0 end{{ ' +' if not loop.last }}
        {%- endfor %} as present_count,
        case
            {{ case_guard('inclusion') }}
            when village_review_date is null and reached_rank > village_review_rank then 'unknown'
            when village_review_date is null then 'not_applicable'
            else {{ status_of('not (' ~ roles | join(' > 0 and ') ~ ' > 0)') }}
        end as status
    from cases
),

{{ case_findings('R42', '§3(2)', {
    'village_committee_count': 'village_committee_count',
    'work_team_count': 'work_team_count',
    'supervisory_count': 'supervisory_count',
    'villager_count': 'villager_count'
}, caution="case
            when not coalesce(has_procedure, false) then 'no_procedure_record'
            when village_review_date is null then 'step_not_recorded'
            else 'attendance_unknown'
        end", observed='present_count', unit="'roles'") }}
