-- How many households of a township each rule answered how: every household counts once per rule and month.
{%- set rules = ['r03', 'r04', 'r05', 'r07', 'r09', 'r47', 'r50', 'r51'] %}
with counts as (
    {%- for rule in rules %}
        select village_code, as_of_date, rule_id, status, count(*) as household_count
        from {{ ref('int_rule__' ~ rule) }}
        group by village_code, as_of_date, rule_id, status
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        substring(counts.village_code, 1, 9) || '000' as township_code,
        substring(counts.village_code, 1, 6) || '000000' as county_code,
        substring(counts.village_code, 1, 4) || '00000000' as prefecture_code,
        counts.as_of_date,
        months.period,
        counts.rule_id,
        counts.status,
        cast(sum(counts.household_count) as bigint) as household_count
    from counts
    inner join {{ ref('int_household__judged_months') }} as months
        on counts.as_of_date = months.as_of_date
    group by
        substring(counts.village_code, 1, 9), substring(counts.village_code, 1, 6),
        substring(counts.village_code, 1, 4), counts.as_of_date, months.period, counts.rule_id, counts.status
)

select * from final
