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

household_payments as (
    select
        members.household_key,
        members.county_code,
        members.valid_from_date,
        members.valid_until_date,
        payments.up_to_month,
        sum(payments.self_pay_to_date_cny) as self_pay_to_date_cny
    from payments
    inner join members
        on payments.person_key = members.person_key
    group by
        members.household_key, members.county_code, members.valid_from_date, members.valid_until_date,
        payments.up_to_month
),

final as (
    select
        household_payments.household_key,
        windows.as_of_date,
        sum(household_payments.self_pay_to_date_cny) filter (where windows.is_newest) as self_pay_to_date_cny,
        sum(windows.sign * household_payments.self_pay_to_date_cny)
        filter (where windows.is_complete) as self_pay_12m_cny
    from household_payments
    inner join windows
        on
            household_payments.county_code = windows.county_code
            and household_payments.up_to_month = windows.list_month
            and household_payments.valid_from_date <= windows.as_of_date
            and household_payments.valid_until_date > windows.as_of_date
    group by household_payments.household_key, windows.as_of_date
)

select * from final
