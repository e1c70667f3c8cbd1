-- Catalogue x subjects: every rule over duties answers once for every region that it speaks of, every department or
-- class of households that it tells apart and every judged month. Gives the rules and months whose answers do not add
-- up.
with rules as (
    select rule_id, rule_id in ('R28', 'R33', 'R55', 'R71', 'R72', 'R73') as begins_at_county
    from {{ ref('rules') }}
    where rule_id in (
            'R28', 'R30', 'R31', 'R32', 'R33', 'R35', 'R52', 'R54', 'R55', 'R71', 'R72', 'R73', 'R74', 'R76', 'R77'
        )
),

held as (
    select rules.rule_id, bearers.region_code, bearers.as_of_date
    from {{ ref('int_region__bearers_monthly') }} as bearers
    cross join rules
    where not rules.begins_at_county or bearers.region_level in ('county', 'prefecture')
),

apart as (
    select rule_id, count(*) as part_count
    from {{ ref('department_duties') }}
    group by rule_id
    union all
    select rules.rule_id, count(*) as part_count
    from rules
    cross join {{ ref('household_classes') }}
    where rules.rule_id in ('R31', 'R54')
    group by rules.rule_id
),

expected as (
    select held.rule_id, held.as_of_date, sum(coalesce(apart.part_count, 1)) as answer_count
    from held
    left join apart on held.rule_id = apart.rule_id
    group by held.rule_id, held.as_of_date
),

answered as (
    select rule_id, as_of_date, count(*) as answer_count
    from {{ ref('fct_compliance_monthly') }}
    group by rule_id, as_of_date
)

select rule_id, as_of_date, expected.answer_count as expected_count, answered.answer_count
from expected
full outer join answered using (rule_id, as_of_date)
where expected.answer_count is distinct from answered.answer_count
