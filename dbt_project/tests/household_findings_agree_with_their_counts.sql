-- The findings kept row by row and the counts kept for all must tell the same story: of what was raised in every month,
-- of what is unknown in the newest.
with newest as (
    select max(as_of_date) as as_of_date from {{ ref('int_household__judged_months') }}
),

kept as (
    select township_code, as_of_date, rule_id, status, count(*) as household_count
    from {{ ref('fct_household_findings_monthly') }}
    group by township_code, as_of_date, rule_id, status
),

counted as (
    select township_code, as_of_date, rule_id, status, household_count
    from {{ ref('fct_household_finding_counts_monthly') }}
    where status = 'raised' or (status = 'unknown' and as_of_date in (select as_of_date from newest))
),

only_kept as (
    select * from kept
    except
    select * from counted
),

only_counted as (
    select * from counted
    except
    select * from kept
)

select * from only_kept
union all
select * from only_counted
