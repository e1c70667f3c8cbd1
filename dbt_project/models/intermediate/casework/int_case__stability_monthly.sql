{#
    §3(3) 稳定性较弱: did a monitored household's income fall since the statement a year before, or does its self-pay keep
    rising? True, false, or null where a statement, a list or the parameter is missing. Small sums are no burden.
#}
with households as (
    select * from {{ ref('int_household__monthly') }}
),

{%- for parameter in [
    'stability_income_fall', 'stability_self_pay_rise', 'stability_self_pay_from', 'stability_self_pay_months'
] %}

    {{ parameter }} as (
        select * from {{ thresholds_of(parameter) }}
    ),
{%- endfor %}

final as (
    select
        households.household_key,
        households.as_of_date,
        households.net_income_cny,
        households.previous_net_income_cny,
        households.self_pay_12m_cny,
        earlier.self_pay_12m_cny as earlier_self_pay_12m_cny,
        stability_income_fall.value as income_fall_ratio,
        stability_income_fall.threshold_id,
        {{ is_income_fallen_by('households', 'stability_income_fall') }} as is_income_fallen,
        case
            when households.self_pay_12m_cny < stability_self_pay_from.value then false
            else households.self_pay_12m_cny > stability_self_pay_rise.value * earlier.self_pay_12m_cny
        end as is_self_pay_rising
    from households
    {%- for parameter in [
        'stability_income_fall', 'stability_self_pay_rise', 'stability_self_pay_from', 'stability_self_pay_months'
    ] %}
        left join {{ parameter }}
            on {{ in_force_on(parameter, 'households.as_of_date') }}
    {%- endfor %}
    left join households as earlier
        on
            households.household_key = earlier.household_key
            and {{ months_between('earlier.as_of_date', 'households.as_of_date') }} = stability_self_pay_months.value
    where households.is_monitored
)

select * from final
