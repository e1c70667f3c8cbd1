-- The findings of every household rule that are raised or unknown; what is clear is kept as counts.
with findings as (
    {%- for rule in household_rules() %}
        select * from {{ ref('int_rule__' ~ rule) }}
        where status in ('raised', 'unknown')
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from findings
