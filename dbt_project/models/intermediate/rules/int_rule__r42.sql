-- §3(2): did all four sit in the village's review: village committees, work team, supervisory committee, villagers?
{%- set roles = ['village_committee_count', 'work_team_count', 'supervisory_count', 'villager_count'] %}
{{ config(materialized='view') }}

with cases as (
    select * from {{ ref('int_case__progress') }}
),

attended as (
    select
        *,
        [
            {%- for column in roles %}
                {{ column }} > 0{{ ',' if not loop.last }}
            {%- endfor %}
        ] as is_present
    from cases
),

judged as (
    -- a review left out has nobody to count: unknown
    select
        *,
        case
            {{ case_guard('inclusion') }}
            when reached_rank < village_review_rank then 'not_applicable'
            when list_contains(is_present, false) then 'raised'
            when list_count(is_present) = {{ roles | length }} then 'clear'
            else 'unknown'
        end as status
    from attended
),

{{ case_findings('R42', '§3(2)', {
    'village_committee_count': 'village_committee_count',
    'work_team_count': 'work_team_count',
    'supervisory_count': 'supervisory_count',
    'villager_count': 'villager_count'
}, caution="case
            when not has_procedure then 'no_procedure_record'
            when village_review_date is null then 'step_not_recorded'
            else 'attendance_unknown'
        end", observed='len(list_filter(is_present, lambda present: present))', unit="'roles'") }}
