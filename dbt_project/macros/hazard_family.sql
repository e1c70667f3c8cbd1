{# One family of hazards, by its rule. #}
{% macro hazard_family(rule_id) -%}
{{ config(materialized='view') }}
select * from {{ ref('int_rule__hazards') }}
where rule_id = '{{ rule_id }}'
{%- endmacro %}

{# The families that each hazard may be of: its own and, of a type that no alias names, every one. #}
{% macro hazard_families() -%}
(
    select hazard_code, rule_id
    from {{ ref('hazard_types') }}
    where rule_id is not null
    union all
    select 'unknown' as hazard_code, rule_id
    from {{ ref('rules') }}
    where subject = 'region' and dimension = 'hazard'
)
{%- endmacro %}

{# A hazard of unrecognised type raises no family by itself: what it could raise stays possible. #}
{% macro ranks_of_family(graded) -%}
case when {{ graded }}.hazard_code = 'unknown' then 0 else {{ graded }}.raw_rank end as raw_rank,
        case when {{ graded }}.hazard_code = 'unknown' then 0 else {{ graded }}.hold_rank end as hold_rank
{%- endmacro %}
