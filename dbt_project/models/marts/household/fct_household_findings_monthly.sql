-- What the household rules raised or could not answer, with evidence, and the lead that a raised finding belongs to.
{{ config(tags=['stage_2']) }}

with findings as (
    select * from {{ ref('int_household__findings_monthly') }}
),

months as (
    select as_of_date, period from {{ ref('int_household__judged_months') }}
),

leads as (
    select
        spells.household_key,
        spells.rule_id,
        spells.first_raised_date,
        spells.last_raised_date,
        leads.lead_id,
        leads.is_baseline
    from {{ ref('int_household__lead_spells') }} as spells
    inner join {{ ref('int_lead__household_leads') }} as leads
        on
            spells.household_key = leads.household_key
            and spells.first_raised_date = leads.first_raised_date
            and contains(leads.rule_ids, spells.rule_id)
),

final as (
    select
        findings.household_key,
        findings.as_of_date,
        months.period,
        findings.village_code,
        substring(findings.village_code, 1, 9) || '000' as township_code,
        substring(findings.village_code, 1, 6) || '000000' as county_code,
        substring(findings.village_code, 1, 4) || '00000000' as prefecture_code,
        findings.rule_id,
        findings.status,
        findings.observed_value,
        findings.threshold_value,
        findings.unit,
        findings.threshold_id,
        findings.evidence,
        leads.lead_id is not null and not leads.is_baseline as is_lead,
        leads.lead_id,
        findings.usable_from_date,
        findings.known_at
    from findings
    inner join months
        on findings.as_of_date = months.as_of_date
    left join leads
        on
            findings.status = 'raised'
            and findings.household_key = leads.household_key
            and findings.rule_id = leads.rule_id
            and findings.as_of_date >= leads.first_raised_date
            and findings.as_of_date <= leads.last_raised_date
)

select * from final
