-- What the rules that send a township to look raised or could not answer, in every judged month.
{{ config(materialized='view') }}
with findings as (
    {%- for rule in leading_rules() %}
        select * from {{ ref('int_rule__' ~ rule) }}
        where status in ('raised', 'unknown')
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from findings
