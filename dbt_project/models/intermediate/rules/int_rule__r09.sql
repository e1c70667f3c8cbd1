-- §2(2): is the household's net income per head strictly below the monitoring line in force on the day?
{{ config(materialized='view') }}

with households as (
    select * from {{ ref('int_household__monthly') }}
),

line as (
    select * from {{ thresholds_of('monitoring_line') }}
),

judged as (
    select
        households.*,
        line.value as line_cny,
        line.threshold_id,
        line.unit,
        {{ status_of(is_below_line('households', 'line')) }} as status
    from households
    left join line
        on {{ in_force_on('line', 'households.as_of_date') }}
),

final as (
    select
        household_key,
        village_code,
        as_of_date,
        'R09' as rule_id,
        status,
        cast(pc_net_income_cny as decimal(18, 6)) as observed_value,
        line_cny as threshold_value,
        unit,
        threshold_id,
        {{ evidence_of({
            'clause': "'§2(2)'",
            'net_income_cny': 'net_income_cny',
            'member_count': 'member_count',
            'income_to_month': 'cast(income_to_month as varchar)',
            'income_basis': 'income_basis',
            'loads': 'source_load_ids'
        }, caution="case when line_cny is null then 'no_monitoring_line' else 'income_unknown' end") }} as evidence,
        income_usable_from_date as usable_from_date,
        known_at
    from judged
)

select * from final
