-- Every household rule answers once for every household and judged month: none is lost in a join, none counted twice.
with answers as (
    select township_code, as_of_date, sum(household_count) as answer_count
    from {{ ref('fct_household_finding_counts_monthly') }}
    group by township_code, as_of_date
),

households as (
    select township_code, as_of_date, count(*) as household_count
    from {{ ref('fct_household_risk_monthly') }}
    group by township_code, as_of_date
),

rules as (
    select count(*) as rule_count
    from {{ ref('rules') }}
    where subject = 'household'
)

select
    households.township_code,
    households.as_of_date,
    households.household_count,
    answers.answer_count
from households
cross join rules
left join answers
    on households.township_code = answers.township_code and households.as_of_date = answers.as_of_date
where answers.answer_count is distinct from households.household_count * rules.rule_count
