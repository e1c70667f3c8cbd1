{#
    For how long a rule has kept asking about a household that is not monitored: months in which it was raised, without
    a clear one between them. A month in which the rule has no answer neither starts nor ends a spell.
#}
with households as (
    select household_key, as_of_date, is_monitored
    from {{ ref('int_household__monthly') }}
),

months as (
    select as_of_date, month_start_date, row_number() over (order by as_of_date) as month_number
    from {{ ref('int_household__judged_months') }}
),

asking as (
    select rule_id from {{ ref('lead_rules') }}
),

candidates as (
    select
        findings.household_key,
        findings.village_code,
        findings.rule_id,
        findings.as_of_date,
        findings.usable_from_date
    from {{ ref('int_household__lead_findings_monthly') }} as findings
    inner join asking
        on findings.rule_id = asking.rule_id
    inner join households
        on findings.household_key = households.household_key and findings.as_of_date = households.as_of_date
    where
        findings.status = 'raised'
        and households.is_monitored is distinct from true
),

asked_about as (
    select distinct household_key, rule_id from candidates
),

unanswered as (
    select findings.household_key, findings.rule_id, findings.as_of_date
    from {{ ref('int_household__lead_findings_monthly') }} as findings
    inner join asked_about
        on findings.household_key = asked_about.household_key and findings.rule_id = asked_about.rule_id
    where findings.status = 'unknown'
),

in_question as (
    select household_key, rule_id, as_of_date from candidates
    union all
    select household_key, rule_id, as_of_date from unanswered
),

numbered as (
    -- months in question that follow one another share month_number less their place in the order
    select
        in_question.household_key,
        in_question.rule_id,
        in_question.as_of_date,
        months.month_start_date,
        months.month_number - row_number() over (
            partition by in_question.household_key, in_question.rule_id order by months.month_number
        ) as spell_number
    from in_question
    inner join months
        on in_question.as_of_date = months.as_of_date
),

final as (
    select
        candidates.household_key,
        candidates.rule_id,
        numbered.spell_number,
        min(candidates.as_of_date) as first_raised_date,
        max(candidates.as_of_date) as last_raised_date,
        min(numbered.month_start_date) as first_month_start_date,
        arg_min(candidates.usable_from_date, candidates.as_of_date) as usable_from_date,
        arg_max(candidates.village_code, candidates.as_of_date) as village_code
    from candidates
    inner join numbered
        on
            candidates.household_key = numbered.household_key
            and candidates.rule_id = numbered.rule_id
            and candidates.as_of_date = numbered.as_of_date
    group by candidates.household_key, candidates.rule_id, numbered.spell_number
)

select * from final
