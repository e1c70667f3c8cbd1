{#
    R56, §4(1): how many monitored households of each type used 衔接资金 in the months that count, by a payment to the
    household or a measure in force that it pays. What the lists cannot tell is not known; a use that is told stands.
#}
with households as (
    select * from {{ ref('int_help__summary_monthly') }}
    where monitored_type is not null
),

lists as (
    select
        months.as_of_date,
        loads.scope_region_code,
        min(loads.period_end_date) as first_list_end_date,
        max(loads.period_end_date) as newest_list_end_date
    from {{ ref('int_household__judged_months') }} as months
    inner join {{ ref('stg_landing__newest_loads') }} as loads
        on loads.table_name = 'fund_payments' and months.as_of_date >= loads.usable_from_date
    group by months.as_of_date, loads.scope_region_code
),

payments as (
    select household_key, paid_date, row_usable_from_date
    from {{ ref('stg_assistance__fund_payments') }}
    where fund_kind = '衔接资金' and household_key is not null
),

paid as (
    select distinct households.household_key, households.as_of_date
    from households
    inner join {{ thresholds_of('bridging_fund_window') }} as fund_window
        on {{ in_force_on('fund_window', 'households.as_of_date') }}
    inner join payments
        on
            households.household_key = payments.household_key
            and households.as_of_date >= payments.row_usable_from_date
            and households.as_of_date >= payments.paid_date
            and {{ months_between('payments.paid_date', 'households.as_of_date') }} < fund_window.value
),

told as (
    select
        lists.as_of_date,
        lists.scope_region_code,
        {{ months_between('lists.first_list_end_date', 'lists.as_of_date') }} + 1 >= fund_window.value
        and {{ months_between('lists.newest_list_end_date', 'lists.as_of_date') }} <= max_age.value as is_window_told
    from lists
    left join {{ thresholds_of('bridging_fund_window') }} as fund_window
        on {{ in_force_on('fund_window', 'lists.as_of_date') }}
    left join {{ thresholds_of('assistance_list_max_age') }} as max_age
        on {{ in_force_on('max_age', 'lists.as_of_date') }}
),

final as (
    select
        households.township_code,
        households.county_code,
        households.as_of_date,
        households.monitored_type,
        cast(count(*) as integer) as household_count,
        cast(count(*) filter (
            where paid.household_key is not null or households.bridging_fund_count > 0
        ) as integer) as user_count,
        bool_and(coalesce(told.is_window_told, false) and households.measures_load_id is not null) as is_told,
        max(households.usable_from_date) as usable_from_date,
        max(households.known_at) as known_at
    from households
    left join paid
        on households.household_key = paid.household_key and households.as_of_date = paid.as_of_date
    left join told
        on
            households.as_of_date = told.as_of_date
            and told.scope_region_code in (households.county_code, households.prefecture_code)
    group by households.township_code, households.county_code, households.as_of_date, households.monitored_type
)

select * from final
