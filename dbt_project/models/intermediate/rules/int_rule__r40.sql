-- §3(2): did the villager group deliberate, and before the village reviewed?
{{ config(materialized='view') }}

with cases as (
    select * from {{ ref('int_case__progress') }}
),

judged as (
    select
        *,
        case
            {{ case_guard('inclusion') }}
            when group_review_date > village_review_date then 'raised'
            when group_review_date is not null then 'clear'
            when reached_rank > group_review_rank then 'raised'
            else 'not_applicable'
        end as status
    from cases
),

{{ case_findings('R40', '§3(2)', {
    'group_review_date': 'cast(group_review_date as varchar)',
    'village_review_date': 'cast(village_review_date as varchar)'
}, caution="'no_procedure_record'") }}
