-- §3(3): is a monitored household's stability weak: income not stable, rigid expense out of control? It keeps its help.
{{ config(materialized='view') }}

with households as (
    select * from {{ ref('int_household__monthly') }}
),

checks as (
    select * from {{ ref('int_case__elimination_checks') }}
),

judged as (
    select
        households.household_key,
        households.village_code,
        households.as_of_date,
        households.is_monitored,
        households.usable_from_date,
        households.known_at,
        households.source_load_ids,
        checks.* exclude (household_key, as_of_date, threshold_id),
        case
            when not households.is_monitored then 'not_applicable'
            else {{ status_of('checks.is_stability_weak') }}
        end as status
    from households
    left join checks
        on households.household_key = checks.household_key and households.as_of_date = checks.as_of_date
),

final as (
    select
        household_key,
        village_code,
        as_of_date,
        'R50' as rule_id,
        status,
        cast(case
            when previous_net_income_cny > 0
                then round((previous_net_income_cny - net_income_cny) / previous_net_income_cny, 6)
        end as decimal(18, 6)) as observed_value,
        cast(income_fall_ratio as decimal(18, 6)) as threshold_value,
        'ratio' as unit,
        stability_threshold_id as threshold_id,
        {{ evidence_of({
            'clause': "'§3(3)'",
            'is_income_fallen': 'is_income_fallen',
            'is_self_pay_rising': 'is_self_pay_rising',
            'net_income_cny': 'net_income_cny',
            'previous_net_income_cny': 'previous_net_income_cny',
            'self_pay_12m_cny': 'self_pay_12m_cny',
            'earlier_self_pay_12m_cny': 'earlier_self_pay_12m_cny',
            'loads': 'source_load_ids'
        }, caution="case when is_monitored is null then 'monitored_list_missing' else 'stability_unknown' end") }}
            as evidence,
        usable_from_date,
        known_at
    from judged
)

select * from final
