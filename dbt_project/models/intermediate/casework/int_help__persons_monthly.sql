{#
    R67 一人一措施: the members of a monitored household whom a list names by themselves as at risk, and whether a measure
    in force is theirs. The national list repeats a household's risk on every member and names nobody; the medical list
    does: self-pay of the year from the amount on that makes it a risk (R05).
#}
with households as (
    select * from {{ ref('int_help__households_monthly') }}
),

windows as (
    select distinct as_of_date, county_code, list_month
    from {{ ref('int_household__self_pay_windows') }}
    where is_newest
),

paid as (
    select
        households.household_key,
        households.as_of_date,
        households.is_lifted_out,
        members.person_key,
        sum(payments.self_pay_to_date_cny) as self_pay_to_date_cny
    from households
    inner join {{ ref('int_household__members') }} as members
        on
            households.household_key = members.household_key
            and households.county_code = members.county_code
            and households.as_of_date >= members.valid_from_date
            and households.as_of_date < members.valid_until_date
    inner join windows
        on households.as_of_date = windows.as_of_date and households.county_code = windows.county_code
    inner join {{ ref('stg_medical__self_payments') }} as payments
        on members.person_key = payments.person_key and windows.list_month = payments.up_to_month
    group by households.household_key, households.as_of_date, households.is_lifted_out, members.person_key
),

helped as (
    select household_key, as_of_date, person_key, count(*) filter (where is_in_force) as measure_count
    from {{ ref('int_help__measures_monthly') }}
    group by household_key, as_of_date, person_key
),

final as (
    select
        paid.household_key,
        paid.as_of_date,
        paid.person_key,
        cast(coalesce(helped.measure_count, 0) as integer) as measure_count
    from paid
    left join {{ thresholds_of('self_pay_lifted_out') }} as lifted_out_amount
        on {{ in_force_on('lifted_out_amount', 'paid.as_of_date') }}
    left join {{ thresholds_of('self_pay_other') }} as other_amount
        on {{ in_force_on('other_amount', 'paid.as_of_date') }}
    left join helped
        on
            paid.household_key = helped.household_key
            and paid.as_of_date = helped.as_of_date
            and paid.person_key = helped.person_key
    where paid.self_pay_to_date_cny >= {{ self_pay_amount('paid', 'lifted_out_amount', 'other_amount') }}
)

select * from final
