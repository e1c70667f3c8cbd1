{#
    What dated departmental flows add to a household's newest statement, or take from it, in the months after it: relief
    and listed wages, month against the same month a year before. Nothing is projected; who has no flow keeps the
    statement as it is.
#}
with flows as (
    select
        months.as_of_date,
        members.household_key,
        flows.component,
        flows.flow_month,
        flows.change_cny
    from {{ ref('int_person__income_flows') }} as flows
    inner join {{ ref('int_household__judged_months') }} as months
        on flows.usable_from_date <= months.as_of_date
    inner join {{ ref('int_household__members') }} as members
        on
            flows.person_key = members.person_key and members.is_present
            and months.as_of_date >= members.valid_from_date and months.as_of_date < members.valid_until_date
),

final as (
    select
        flows.household_key,
        flows.as_of_date,
        cast(coalesce(sum(flows.change_cny) filter (where flows.component = 'wage'), 0) as decimal(18, 2))
            as flow_wage_cny,
        cast(coalesce(sum(flows.change_cny) filter (where flows.component = 'transfer'), 0) as decimal(18, 2))
            as flow_transfer_cny,
        cast(count(*) as integer) as flow_count,
        max(flows.flow_month) as flow_to_month
    from flows
    inner join {{ ref('int_household__monthly') }} as households
        on
            flows.household_key = households.household_key and flows.as_of_date = households.as_of_date
            and flows.flow_month > households.income_to_month
    where households.income_basis <> 'unknown'
    group by flows.household_key, flows.as_of_date
)

select * from final
