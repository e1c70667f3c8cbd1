-- The findings kept row by row and the counts kept for all must tell the same story.
with kept as (
    select township_code, as_of_date, rule_id, status, count(*) as household_count
    from {{ ref('fct_household_findings_monthly') }}
    group by township_code, as_of_date, rule_id, status
),

counted as (
    select township_code, as_of_date, rule_id, status, household_count
    from {{ ref('fct_household_finding_counts_monthly') }}
    where status in ('raised', 'unknown')
)

select *
from (select * from kept except select * from counted)
union all
select *
from (select * from counted except select * from kept)
