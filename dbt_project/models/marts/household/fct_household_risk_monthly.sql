{#
    A household's income, burden, guarantees and work at each judged month, the type that the rules suggest beside the
    type it has, and whether the two agree. A suggestion is a reason to look: people decide (§3(2)).
#}
{{ config(tags=['stage_2'], materialized='by_month') }}

with households as (
    select * from {{ ref('int_household__monthly') }}
    where {{ is_judged_month('as_of_date') }}
),

line as (
    select * from {{ thresholds_of('monitoring_line') }}
),

risks as (
    select * from {{ ref('int_household__risks_monthly') }}
    where {{ is_judged_month('as_of_date') }}
),

key_groups as (
    select * from {{ ref('int_household__key_groups_monthly') }}
    where {{ is_judged_month('as_of_date') }}
),

flows as (
    select * from {{ ref('int_household__income_flows_monthly') }}
    where {{ is_judged_month('as_of_date') }}
),

projections as (
    select * from {{ ref('int_household__income_projected') }}
),

suggestions as (
    select * from {{ ref('int_household__suggestions_monthly') }}
),

final as (
    select
        households.* exclude (
            change_reason_text, listed_member_count, present_count, head_count, unknown_relation_count, able_count,
            weak_count, unknown_labour_count,
            register_usable_from_date, income_usable_from_date, self_pay_usable_from_date, employment_usable_from_date
        ),
        cast(round(
            (households.net_income_cny - households.self_pay_12m_cny + households.claims_income_cny)
            / households.member_count, 2
        ) as decimal(18, 2)) as pc_income_after_rigid_cny,
        cast(line.value as decimal(18, 2)) as monitoring_line_cny,
        cast(households.pc_net_income_cny - line.value as decimal(18, 2)) as distance_to_line_cny,
        coalesce(risks.open_risk_count, 0) as open_risk_count,
        risks.open_risks,
        suggestions.suggested_type,
        suggestions.reason_zh,
        case
            when households.is_monitored is null then 'unknown'
            when households.is_monitored and suggestions.is_raised then 'agrees'
            when suggestions.is_raised then 'should_be_included'
            when suggestions.is_unanswered then 'unknown'
            when households.is_monitored then 'should_be_reviewed'
            else 'agrees'
        end as agreement,
        nullif(concat_ws(
            ',',
            case when line.value is null then 'no_monitoring_line' end,
            case when households.net_income_cny is null then 'income_unknown' end,
            case when households.self_pay_12m_cny is null then 'self_pay_unknown' end,
            case when households.is_monitored is null then 'monitored_list_missing' end,
            case when not coalesce(households.listed_member_count = households.member_count, false)
                    then 'member_count_differs'
            end
        ), '') as cautions,
        key_groups.* exclude (household_key, as_of_date, village_code),
        coalesce(flows.flow_wage_cny, 0) as flow_wage_cny,
        coalesce(flows.flow_transfer_cny, 0) as flow_transfer_cny,
        flows.flow_to_month,
        {{ current_income('households', 'flows') }} as current_net_income_cny,
        cast(round({{ current_income('households', 'flows') }} / households.member_count, 2) as decimal(18, 2))
            as current_pc_net_income_cny,
        case when households.income_basis <> 'unknown' and flows.flow_count > 0 then 'updated'
            else households.income_basis
        end as current_income_basis,
        projections.projected_net_income_cny,
        projections.projected_pc_net_income_cny,
        projections.projected_to_month,
        projections.projected_income_basis,
        projections.caution as projected_caution
    from households
    left join line
        on {{ in_force_on('line', 'households.as_of_date') }}
    {%- for facts in ['risks', 'suggestions', 'key_groups', 'flows', 'projections'] %}
        left join {{ facts }}
            on households.household_key = {{ facts }}.household_key and households.as_of_date = {{ facts }}.as_of_date
    {%- endfor %}
)

select * from final
