{#
    §2(1), R03 and R04: is a household of the rule's category below the monitoring line, with at least one open risk?
    The two types differ in nothing but the category. is_applicable: a condition on the row `households`.
#}
{% macro below_line_with_risk(rule_id, is_applicable) -%}
with households as (
    select * from {{ ref('int_household__monthly') }}
),

risks as (
    select * from {{ ref('int_household__risks_monthly') }}
),

line as (
    select * from {{ thresholds_of('monitoring_line') }}
),

judged as (
    select
        households.*,
        risks.open_risks,
        risks.usable_from_date as risk_usable_from_date,
        line.value as line_cny,
        line.threshold_id,
        line.unit,
        {{ is_applicable }} as is_applicable,
        {{ is_below_line('households', 'line') }} as is_below_line,
        {{ has_open_risk('households', 'risks') }} as has_open_risk
    from households
    left join risks
        on households.household_key = risks.household_key and households.as_of_date = risks.as_of_date
    left join line
        on {{ in_force_on('line', 'households.as_of_date') }}
),

final as (
    select
        household_key,
        village_code,
        as_of_date,
        '{{ rule_id }}' as rule_id,
        case
            when not is_applicable then 'not_applicable'
            when line_cny is null then 'unknown'
            else {{ status_of('(is_below_line and has_open_risk)') }}
        end as status,
        cast(pc_net_income_cny as decimal(18, 6)) as observed_value,
        line_cny as threshold_value,
        unit,
        threshold_id,
        {{ evidence_of({
            'clause': "'§2(1)'",
            'net_income_cny': 'net_income_cny',
            'member_count': 'member_count',
            'income_to_month': 'cast(income_to_month as varchar)',
            'has_open_risk': 'has_open_risk',
            'open_risks': 'open_risks',
            'loads': 'source_load_ids'
        }, caution="case
            when line_cny is null then 'no_monitoring_line'
            when net_income_cny is null then 'income_unknown'
            else 'risks_unknown'
        end") }} as evidence,
        greatest(income_usable_from_date, risk_usable_from_date) as usable_from_date,
        known_at
    from judged
)

select * from final
{%- endmacro %}
