-- What the rules that send a township to look raised or could not answer, in every judged month: without the evidence,
-- which stays with the finding. Kept as a table, since judging every household costs more than keeping the answers.
with findings as (
    {%- for rule in leading_rules() %}
        select household_key, village_code, as_of_date, rule_id, status, usable_from_date
        from {{ ref('int_rule__' ~ rule) }}
        where status in ('raised', 'unknown')
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from findings
