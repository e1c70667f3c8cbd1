{#
    §2(1) 突发严重困难户: did a shock strike, and is rigid spending large or has income collapsed? Income may stand above
    the monitoring line. Self-pay from the trigger on is itself the trace of an illness.
#}
{{ config(materialized='view') }}

with households as (
    select * from {{ ref('int_household__monthly') }}
),

risks as (
    select * from {{ ref('int_household__risks_monthly') }}
),

{%- for parameter in ['self_pay_lifted_out', 'self_pay_other', 'self_pay_income_share', 'income_fall'] %}

    {{ parameter }} as (
        select * from {{ thresholds_of(parameter) }}
    ),
{%- endfor %}

measured as (
    select
        households.*,
        coalesce(households.self_pay_12m_cny, households.self_pay_to_date_cny) as self_pay_cny,
        risks.open_risks,
        risks.shock_usable_from_date,
        {{ self_pay_amount('households', 'self_pay_lifted_out', 'self_pay_other') }} as amount_cny,
        case when households.is_lifted_out then self_pay_lifted_out.threshold_id else self_pay_other.threshold_id end
            as amount_id,
        self_pay_income_share.value as income_share,
        self_pay_income_share.threshold_id as share_id,
        income_fall.value as fall,
        income_fall.threshold_id as fall_id,
        {{ is_self_pay_from(
            'households', self_pay_amount('households', 'self_pay_lifted_out', 'self_pay_other')
        ) }} as is_amount_reached,
        {{ is_self_pay_share_from('households', 'self_pay_income_share') }} as is_share_reached,
        {{ is_income_fallen_by('households', 'income_fall') }} as is_income_fallen,
        {{ has_open_shock('households', 'risks') }} as has_open_shock
    from households
    left join risks
        on households.household_key = risks.household_key and households.as_of_date = risks.as_of_date
    {%- for parameter in ['self_pay_lifted_out', 'self_pay_other', 'self_pay_income_share', 'income_fall'] %}
        left join {{ parameter }}
            on {{ in_force_on(parameter, 'households.as_of_date') }}
    {%- endfor %}
),

judged as (
    -- The figure shown is that of the criterion that decided (the fall where none did); of no income there is no share.
    select
        *,
        {{ status_of('(has_open_shock and (is_amount_reached or is_share_reached or is_income_fallen))') }} as status,
        case
            when is_amount_reached then 'amount'
            when is_share_reached and (net_income_cny > 0 or not coalesce(is_income_fallen, false)) then 'share'
            else 'fall'
        end as criterion
    from measured
),

final as (
    select
        household_key,
        village_code,
        as_of_date,
        'R05' as rule_id,
        status,
        cast(case
            when criterion = 'amount' then self_pay_cny
            when criterion = 'share' and net_income_cny > 0 then round(self_pay_cny / net_income_cny, 6)
            when criterion = 'share' then null
            when previous_net_income_cny > 0
                then round((previous_net_income_cny - net_income_cny) / previous_net_income_cny, 6)
        end as decimal(18, 6)) as observed_value,
        case criterion when 'amount' then amount_cny when 'share' then income_share else fall end as threshold_value,
        case when criterion = 'amount' then 'CNY/12 months' else 'ratio' end as unit,
        case criterion when 'amount' then amount_id when 'share' then share_id else fall_id end as threshold_id,
        {{ evidence_of({
            'clause': "'§2(1)'",
            'criterion': 'criterion',
            'self_pay_12m_cny': 'self_pay_12m_cny',
            'self_pay_to_date_cny': 'self_pay_to_date_cny',
            'net_income_cny': 'net_income_cny',
            'previous_net_income_cny': 'previous_net_income_cny',
            'previous_income_to_month': 'cast(previous_income_to_month as varchar)',
            'open_risks': 'open_risks',
            'loads': 'source_load_ids'
        }, caution="'shock_or_burden_unknown'") }} as evidence,
        case criterion
            when 'amount' then self_pay_usable_from_date
            when 'share' then greatest(self_pay_usable_from_date, income_usable_from_date)
            else greatest(income_usable_from_date, shock_usable_from_date)
        end as usable_from_date,
        known_at
    from judged
)

select * from final
