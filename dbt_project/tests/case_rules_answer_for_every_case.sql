-- Every rule that judges cases answers once for every case: none is lost in a join, none counted twice.
with cases as (
    select case_id from {{ ref('int_case__cases') }}
),

expected as (
    select cases.case_id, rules.rule_id
    from cases
    cross join {{ ref('rules') }} as rules
    where rules.subject = 'case'
),

answered as (
    select case_id, rule_id from {{ ref('int_case__findings') }}
),

only_expected as (
    select * from expected
    except all
    select * from answered
),

only_answered as (
    select * from answered
    except all
    select * from expected
)

select * from only_expected
union all
select * from only_answered
