-- Catalogue x subjects: every check of the county staff answers once for every household of the list in force.
with expected as (
    select households.as_of_date, checks.check_id, count(*) as household_count
    from {{ ref('int_quality__households_monthly') }} as households
    cross join {{ ref('quality_rules') }} as checks
    group by households.as_of_date, checks.check_id
),

answered as (
    select as_of_date, check_id, count(*) as household_count
    from {{ ref('int_quality__findings') }}
    group by as_of_date, check_id
)

select as_of_date, check_id, expected.household_count as expected_count, answered.household_count
from expected
full outer join answered using (as_of_date, check_id)
where expected.household_count is distinct from answered.household_count
