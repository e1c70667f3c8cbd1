-- A household in an edition that speaks on the day judged has exactly one row in that month; no row comes from nowhere.
with expected as (
    select months.as_of_date, registrations.household_key
    from {{ ref('int_household__judged_months') }} as months
    inner join {{ ref('int_household__registrations') }} as registrations
        on months.as_of_date >= registrations.valid_from_date and months.as_of_date < registrations.valid_until_date
),

judged as (
    select as_of_date, household_key
    from {{ ref('int_household__monthly') }}
),

only_expected as (
    select * from expected
    except all
    select * from judged
),

only_judged as (
    select * from judged
    except all
    select * from expected
)

select * from only_expected
union all
select * from only_judged
