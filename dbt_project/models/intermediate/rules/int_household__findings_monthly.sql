-- The findings of every household rule that are raised or unknown; what is clear is kept as counts.
{{ config(materialized='view') }}
{%- set rules = [
    'r03', 'r04', 'r05', 'r07', 'r09', 'r53', 'r57', 'r58', 'r59', 'r60', 'r61', 'r62', 'r64', 'r65', 'r66', 'r67'
] %}
with findings as (
    {%- for rule in rules %}
        select * from {{ ref('int_rule__' ~ rule) }}
        where status in ('raised', 'unknown')
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from findings
