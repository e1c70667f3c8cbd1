{#
    Leads for townships to verify: one per household and first month, under the gravest of the rules that started then.
    What a rule already raised when it first had an answer in a county is the stock found at the start, not news.
#}
with spells as (
    select
        *,
        substring(village_code, 1, 9) || '000' as township_code,
        substring(village_code, 1, 6) || '000000' as county_code,
        substring(village_code, 1, 4) || '00000000' as prefecture_code
    from {{ ref('int_household__lead_spells') }}
),

lead_rules as (
    select * from {{ ref('lead_rules') }}
),

first_answers as (
    select rule_id, county_code, min(as_of_date) as baseline_date
    from {{ ref('int_household__finding_counts_monthly') }}
    where status in ('raised', 'clear')
    group by rule_id, county_code
),

run_day as (
    select max(as_of_date) as run_date from {{ source('landing', 'run_clock') }}
),

ranked as (
    select
        spells.*,
        lead_rules.severity_rank,
        lead_rules.reason_zh,
        spells.first_raised_date = first_answers.baseline_date as is_baseline,
        greatest(spells.first_month_start_date, spells.usable_from_date) as lead_date,
        string_agg(spells.rule_id, ',') over starters as rule_ids,
        max(spells.last_raised_date) over starters as as_of_date,
        row_number() over (
            partition by
                spells.household_key, spells.first_raised_date,
                spells.first_raised_date = first_answers.baseline_date
            order by lead_rules.severity_rank, spells.rule_id
        ) as gravity
    from spells
    inner join lead_rules
        on spells.rule_id = lead_rules.rule_id
    inner join first_answers
        on spells.rule_id = first_answers.rule_id and spells.county_code = first_answers.county_code
    window starters as (
        partition by
            spells.household_key, spells.first_raised_date,
            spells.first_raised_date = first_answers.baseline_date
        order by lead_rules.severity_rank, spells.rule_id
        rows between unbounded preceding and unbounded following
    )
),

final as (
    select
        'L' || substring(md5(
            ranked.household_key || '|' || ranked.rule_id || '|' || cast(ranked.lead_date as varchar)
        ), 1, 12) as lead_id,
        ranked.household_key,
        ranked.rule_id,
        ranked.rule_ids,
        ranked.lead_date,
        ranked.first_raised_date,
        ranked.as_of_date,
        ranked.severity_rank,
        ranked.reason_zh,
        ranked.village_code,
        ranked.township_code,
        ranked.county_code,
        ranked.prefecture_code,
        ranked.is_baseline,
        ranked.as_of_date = run_day.run_date as is_open,
        ranked.as_of_date = run_day.run_date and not ranked.is_baseline as is_new_inclusion_candidate
    from ranked
    cross join run_day
    where ranked.gravity = 1
)

select * from final
