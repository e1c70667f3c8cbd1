{#
    What threatens a household in a judged month, from whichever source says so: risks that the national list names and
    does not mark eliminated, a guarantee that is not safe, self-pay over a trigger, all its workers out of work, income
    restated for a reason that is a risk, or downwards for any other, a fire that the brigade says struck it (R17).
#}
with households as (
    select * from {{ ref('int_household__monthly') }}
),

risk_names as (
    select risk_code, bool_or(is_shock) as is_shock
    from {{ ref('risk_types') }}
    group by risk_code
),

named_texts as (
    select * from {{ ref('int_household__risk_texts') }}
),

unsafe as (
    {%- for column, risk_code in [
        ('has_food', '14'), ('has_clothing', '15'), ('is_education_assured', '12'), ('is_medical_assured', '13'),
        ('is_housing_safe', '10'), ('is_water_safe', '11')
    ] %}
        select
            household_key, as_of_date, '{{ risk_code }}' as risk_code, 'guarantee' as source, register_usable_from_date
        from households
        where not {{ column }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

self_pay as (
    select household_key, as_of_date, '01' as risk_code, 'self_pay' as source, self_pay_usable_from_date
    from households
    left join {{ thresholds_of('self_pay_lifted_out') }} as lifted_out_amount
        on {{ in_force_on('lifted_out_amount', 'households.as_of_date') }}
    left join {{ thresholds_of('self_pay_other') }} as other_amount
        on {{ in_force_on('other_amount', 'households.as_of_date') }}
    left join {{ thresholds_of('self_pay_income_share') }} as income_share
        on {{ in_force_on('income_share', 'households.as_of_date') }}
    where
        (households.self_pay_12m_cny > 0 or households.self_pay_to_date_cny > 0)
        and (
            {{ is_self_pay_from('households', self_pay_amount('households', 'lifted_out_amount', 'other_amount')) }}
            or {{ is_self_pay_share_from('households', 'income_share') }}
        )
),

work as (
    select household_key, as_of_date, '07' as risk_code, 'employment' as source, employment_usable_from_date
    from households
    where lost_work_count > 0 and employed_count = 0
),

restated as (
    select
        households.household_key,
        households.as_of_date,
        coalesce(named_texts.risk_code, '99') as risk_code,
        'income_change' as source,
        households.income_usable_from_date
    from households
    left join named_texts
        on households.change_reason_text = named_texts.risk_text
    where
        households.income_basis = 'updated'
        and (named_texts.risk_code is not null or households.net_income_cny < households.previous_net_income_cny)
),

every_risk as (
    select household_key, as_of_date, risk_code, 'national_list' as source, usable_from_date
    from {{ ref('int_household__listed_risks') }}
    {%- for source in ['unsafe', 'self_pay', 'work', 'restated'] %}
        union all
        select * from {{ source }}
    {%- endfor %}
    union all
    select household_key, as_of_date, '0207' as risk_code, 'fire' as source, usable_from_date
    from {{ ref('int_household__fires_monthly') }}
),

final as (
    select
        every_risk.household_key,
        every_risk.as_of_date,
        every_risk.risk_code,
        every_risk.source,
        coalesce(bool_or(risk_names.is_shock), false) as is_shock,
        min(every_risk.usable_from_date) as usable_from_date
    from every_risk
    left join risk_names
        on every_risk.risk_code = risk_names.risk_code
    group by every_risk.household_key, every_risk.as_of_date, every_risk.risk_code, every_risk.source
)

select * from final
