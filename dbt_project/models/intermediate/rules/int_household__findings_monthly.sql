{#
    The findings of every household rule: what was raised in any month, and what could not be answered in the newest.
    Months before it keep their unknown answers as counts, as every month keeps the clear ones (ADR 0014).
#}
with newest as (
    select max(as_of_date) as as_of_date from {{ ref('int_household__judged_months') }}
),

findings as (
    {%- for rule in household_rules() %}
        select answers.*
        from {{ ref('int_rule__' ~ rule) }} as answers
        left join newest on answers.as_of_date = newest.as_of_date
        where answers.status = 'raised' or (answers.status = 'unknown' and newest.as_of_date is not null)
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from findings
