{#
    Everything that §3(3) asks before a monitored household's risk may be marked eliminated, side by side: true, false, or
    null where it is not known. The national list's own risk stands until the mark itself, so it does not count against
    it; what the other sources still show does. Whom county staff would question, eliminated within the same months of being
    identified (quality rule 2_11_002), waits as well.
#}
with households as (
    select * from {{ ref('int_household__monthly') }}
    where is_monitored
),

risks as (
    select
        household_key,
        as_of_date,
        cast(count(distinct risk_code) as integer) as open_risk_count,
        string_agg(distinct risk_code, ',' order by risk_code) as open_risks
    from {{ ref('int_household__open_risks') }}
    where source <> 'national_list'
    group by household_key, as_of_date
),

final as (
    select
        households.household_key,
        households.as_of_date,
        months.months_above_line_count,
        months.required_month_count,
        months.threshold_id,
        {{ months_between('households.identified_month', 'households.as_of_date') }} >= months.required_month_count
            as is_monitored_long_enough,
        months.is_above_long_enough,
        households.has_food and households.has_clothing and households.is_education_assured
        and households.is_medical_assured and households.is_housing_safe and households.is_water_safe as is_guaranteed,
        {{ has_open_risk('households', 'risks') }} as has_open_risk,
        risks.open_risks,
        stability.is_income_fallen,
        stability.is_self_pay_rising,
        stability.is_income_fallen or stability.is_self_pay_rising as is_stability_weak,
        stability.net_income_cny,
        stability.previous_net_income_cny,
        stability.self_pay_12m_cny,
        stability.earlier_self_pay_12m_cny,
        stability.income_fall_ratio,
        stability.threshold_id as stability_threshold_id,
        labour.is_without_labour
    from households
    left join {{ ref('int_case__months_above_line') }} as months using (household_key, as_of_date)
    left join risks using (household_key, as_of_date)
    left join {{ ref('int_case__stability_monthly') }} as stability using (household_key, as_of_date)
    left join {{ ref('int_case__labour_monthly') }} as labour using (household_key, as_of_date)
)

select * from final
