{#
    A household's income, burden, guarantees and work at each judged month, the type that the rules suggest beside the
    type it has, and whether the two agree. A suggestion is a reason to look: people decide (§3(2)).
#}
{{ config(tags=['stage_2']) }}

with households as (
    select * from {{ ref('int_household__monthly') }}
),

line as (
    select * from {{ thresholds_of('monitoring_line') }}
),

risks as (
    select * from {{ ref('int_household__risks_monthly') }}
),

findings as (
    select
        findings.household_key,
        findings.as_of_date,
        findings.rule_id,
        findings.status,
        lead_rules.severity_rank,
        lead_rules.reason_zh
    from {{ ref('int_household__findings_monthly') }} as findings
    inner join {{ ref('lead_rules') }} as lead_rules
        on findings.rule_id = lead_rules.rule_id
),

raised as (
    select
        household_key,
        as_of_date,
        bool_or(rule_id in ('R03', 'R04')) as is_below_line_at_risk,
        bool_or(rule_id = 'R05') as is_in_sudden_hardship,
        string_agg(reason_zh, '；' order by severity_rank) as reason_zh
    from findings
    where status = 'raised'
    group by household_key, as_of_date
),

unanswered as (
    select distinct household_key, as_of_date
    from findings
    where status = 'unknown'
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
        case
            when raised.is_below_line_at_risk and households.is_lifted_out then 'unstable_lifted'
            when raised.is_below_line_at_risk then 'marginal'
            when raised.is_in_sudden_hardship then 'sudden_hardship'
        end as suggested_type,
        raised.reason_zh,
        case
            when households.is_monitored is null then 'unknown'
            when households.is_monitored and raised.household_key is not null then 'agrees'
            when raised.household_key is not null then 'should_be_included'
            when unanswered.household_key is not null then 'unknown'
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
        ), '') as cautions
    from households
    left join line
        on {{ in_force_on('line', 'households.as_of_date') }}
    left join risks
        on households.household_key = risks.household_key and households.as_of_date = risks.as_of_date
    left join raised
        on households.household_key = raised.household_key and households.as_of_date = raised.as_of_date
    left join unanswered
        on households.household_key = unanswered.household_key and households.as_of_date = unanswered.as_of_date
)

select * from final
