-- What the findings of a household say together in a judged month: the type they suggest, with the reason in plain
-- words, and whether a rule could not answer. Households that every rule finds clear are absent.
{{ config(materialized='view') }}

with findings as (
    select
        findings.household_key,
        findings.as_of_date,
        findings.rule_id,
        findings.status,
        lead_rules.severity_rank,
        lead_rules.reason_zh
    from {{ ref('int_household__lead_findings_monthly') }} as findings
    inner join {{ ref('lead_rules') }} as lead_rules
        on findings.rule_id = lead_rules.rule_id
),

final as (
    select
        household_key,
        as_of_date,
        coalesce(bool_or(status = 'raised'), false) as is_raised,
        coalesce(bool_or(status = 'unknown'), false) as is_unanswered,
        case
            when bool_or(status = 'raised' and rule_id = 'R03') then 'unstable_lifted'
            when bool_or(status = 'raised' and rule_id = 'R04') then 'marginal'
            when bool_or(status = 'raised' and rule_id = 'R05') then 'sudden_hardship'
        end as suggested_type,
        string_agg(reason_zh, '；' order by severity_rank) filter (where status = 'raised') as reason_zh
    from findings
    group by household_key, as_of_date
)

select * from final
