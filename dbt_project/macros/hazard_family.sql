{# One family of hazards, by its rule. #}
{% macro hazard_family(rule_id) -%}
{{ config(materialized='view') }}
select * from {{ ref('int_rule__hazards') }}
where rule_id = '{{ rule_id }}'
{%- endmacro %}
