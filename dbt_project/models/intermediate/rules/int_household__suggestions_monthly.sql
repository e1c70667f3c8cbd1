-- What the findings of a household say together in a judged month: the type they suggest, with the reason in plain
-- words, and whether a rule could not answer. Households that every rule finds clear are absent.
{{ config(materialized='view') }}

with findings as (
    select * from {{ ref('int_household__lead_findings_monthly') }}
    where {{ is_judged_month('as_of_date') }}
),

-- few are raised, while in a year without a line nearly everybody is unanswered: only the few are put into words
raised as (
    select
        findings.household_key,
        findings.as_of_date,
        case
            when bool_or(findings.rule_id = 'R03') then 'unstable_lifted'
            when bool_or(findings.rule_id = 'R04') then 'marginal'
            when bool_or(findings.rule_id = 'R05') then 'sudden_hardship'
        end as suggested_type,
        string_agg(lead_rules.reason_zh, '；' order by lead_rules.severity_rank) as reason_zh
    from findings
    inner join {{ ref('lead_rules') }} as lead_rules
        on findings.rule_id = lead_rules.rule_id
    where findings.status = 'raised'
    group by findings.household_key, findings.as_of_date
),

unanswered as (
    select distinct household_key, as_of_date
    from findings
    where status = 'unknown'
),

final as (
    select
        coalesce(unanswered.household_key, raised.household_key) as household_key,
        coalesce(unanswered.as_of_date, raised.as_of_date) as as_of_date,
        raised.household_key is not null as is_raised,
        unanswered.household_key is not null as is_unanswered,
        raised.suggested_type,
        raised.reason_zh
    from unanswered
    full outer join raised
        on unanswered.household_key = raised.household_key and unanswered.as_of_date = raised.as_of_date
)

select * from final
