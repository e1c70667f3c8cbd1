-- The findings of every household rule that are raised or unknown; what is clear is kept as counts.
{{ config(materialized='view') }}
{%- set rules = ['r03', 'r04', 'r05', 'r07', 'r09', 'r47', 'r50', 'r51'] %}
with findings as (
    {%- for rule in rules %}
        select * from {{ ref('int_rule__' ~ rule) }}
        where status in ('raised', 'unknown')
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from findings
