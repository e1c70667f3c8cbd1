-- What townships, households and departments delivered ends in exactly one case: every number, application and request.
with cases as (
    select case_id from {{ ref('int_case__cases') }}
),

delivered as (
    select 'procedure|' || case_code || '|' || household_key as subject, case_id
    from {{ ref('int_case__procedures') }}
    union all
    select 'application|' || application_code as subject, case_id
    from {{ ref('int_case__applications') }}
    union all
    select 'comparison|' || request_code || '|' || household_key as subject, case_id
    from {{ ref('int_case__comparison_requests') }}
    union all
    select 'listing|' || case_kind || '|' || household_key || '|' || cast(listed_month as varchar) as subject, case_id
    from {{ ref('int_case__listings') }}
),

final as (
    select delivered.subject, count(cases.case_id) as case_count
    from delivered
    left join cases
        on delivered.case_id = cases.case_id
    group by delivered.subject
    having count(cases.case_id) <> 1
)

select * from final
