-- What the members of a household paid out of pocket, to date and over twelve months; a household without a bill is
-- absent.
with windows as (
    select * from {{ ref('int_household__self_pay_windows') }}
),

members as (
    select * from {{ ref('int_household__members') }}
),

payments as (
    select * from {{ ref('stg_medical__self_payments') }}
),

-- Summed in one step: a sum by household, list and term of membership first would hold three times as many groups.
final as (
    select
        members.household_key,
        windows.as_of_date,
        sum(payments.self_pay_to_date_cny) filter (where windows.is_newest) as self_pay_to_date_cny,
        sum(windows.sign * payments.self_pay_to_date_cny) filter (where windows.is_complete) as self_pay_12m_cny
    from payments
    inner join members
        on payments.person_key = members.person_key
    inner join windows
        on
            members.county_code = windows.county_code
            and payments.up_to_month = windows.list_month
            and members.valid_from_date <= windows.as_of_date
            and members.valid_until_date > windows.as_of_date
    group by members.household_key, windows.as_of_date
)

select * from final
