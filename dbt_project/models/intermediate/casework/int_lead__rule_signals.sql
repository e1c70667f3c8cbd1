{#
    The household rules that send a township to look, month by month: a month that was raised speaks from its first day
    on, or from the day on which its facts could be used.
#}
{{ config(materialized='view') }}
with findings as (
    select * from {{ ref('int_household__findings_monthly') }}
),

months as (
    select * from {{ ref('int_household__judged_months') }}
),

lead_rules as (
    select * from {{ ref('lead_rules') }}
),

final as (
    select
        findings.household_key,
        findings.rule_id,
        greatest(months.month_start_date, findings.usable_from_date) as signal_date,
        findings.known_at
    from findings
    inner join months
        on findings.as_of_date = months.as_of_date
    inner join lead_rules
        on findings.rule_id = lead_rules.rule_id
    where findings.status = 'raised'
)

select * from final
