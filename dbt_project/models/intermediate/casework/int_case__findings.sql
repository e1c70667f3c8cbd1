-- The answer of every rule that judges cases, for every case: one row per case and rule.
{{ config(materialized='view') }}
{%- set rules = [
    'r36', 'r37', 'r38', 'r39', 'r40', 'r41', 'r42', 'r43', 'r44', 'r45', 'r46', 'r48', 'r49'
] %}
with findings as (
    {%- for rule in rules %}
        select * from {{ ref('int_rule__' ~ rule) }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from findings
