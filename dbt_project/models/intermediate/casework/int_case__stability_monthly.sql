{#
    §3(3) 稳定性较弱: did a monitored household's income fall since the statement a year before, or does its self-pay keep
    rising? True, false, or null where a statement, a list or the parameter is missing. Small sums are no burden.
#}
with households as (
    select * from {{ ref('int_household__monthly') }}
    where is_monitored
),

{%- for parameter in [
    'stability_income_fall', 'stability_self_pay_rise', 'stability_self_pay_from', 'stability_self_pay_months'
] %}

    {{ parameter }} as (
        select * from {{ thresholds_of(parameter) }}
    ),
{%- endfor %}

earlier_months as (
    select
        months.as_of_date,
        earlier.as_of_date as earlier_date
    from {{ ref('int_household__judged_months') }} as months
    inner join stability_self_pay_months
        on {{ in_force_on('stability_self_pay_months', 'months.as_of_date') }}
    inner join {{ ref('int_household__judged_months') }} as earlier
        on {{ months_between('earlier.as_of_date', 'months.as_of_date') }} = stability_self_pay_months.value
),

earlier_paid as (
    select
        monthly.household_key,
        earlier_months.as_of_date,
        monthly.self_pay_12m_cny
    from {{ ref('int_household__monthly') }} as monthly
    inner join earlier_months
        on monthly.as_of_date = earlier_months.earlier_date
),

final as (
    select
        households.household_key,
        households.as_of_date,
        households.net_income_cny,
        households.previous_net_income_cny,
        households.self_pay_12m_cny,
        earlier_paid.self_pay_12m_cny as earlier_self_pay_12m_cny,
        stability_income_fall.value as income_fall_ratio,
        stability_income_fall.threshold_id,
        {{ is_income_fallen_by('households', 'stability_income_fall') }} as is_income_fallen,
        case
            when households.self_pay_12m_cny < stability_self_pay_from.value then false
            else households.self_pay_12m_cny > stability_self_pay_rise.value * earlier_paid.self_pay_12m_cny
        end as is_self_pay_rising
    from households
    left join earlier_paid
        on households.household_key = earlier_paid.household_key and households.as_of_date = earlier_paid.as_of_date
    {%- for parameter in ['stability_income_fall', 'stability_self_pay_rise', 'stability_self_pay_from'] %}
        left join {{ parameter }}
            on {{ in_force_on(parameter, 'households.as_of_date') }}
    {%- endfor %}
)

select * from final
