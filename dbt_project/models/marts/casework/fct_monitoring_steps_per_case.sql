-- The page of a case: when each step was taken, what was left out or out of turn, who sat in, and what the rules say.
{{ config(tags=['stage_2']) }}
{%- set steps = [
    'applied', 'accepted', 'group_review', 'data_comparison', 'village_recheck', 'village_review', 'publicity',
    'town_review', 'county_filing', 'announced'
] %}

with cases as (
    select * from {{ ref('int_case__progress') }}
),

applications as (
    select case_id, application_form from {{ ref('int_case__applications') }}
),

comparisons as (
    select
        case_id,
        cast(count(*) as integer) as comparison_count,
        cast(count(*) filter (where not is_usable) as integer) as blocked_comparison_count
    from {{ ref('int_case__comparisons_judged') }}
    group by case_id
),

findings as (
    select
        findings.case_id,
        string_agg(findings.rule_id, ',' order by findings.rule_id) filter (where findings.status = 'raised')
            as raised_rule_ids,
        string_agg(rules.name_zh, '、' order by findings.rule_id) filter (where findings.status = 'raised')
            as raised_rules_zh,
        string_agg(findings.rule_id, ',' order by findings.rule_id) filter (where findings.status = 'unknown')
            as unknown_rule_ids,
        bool_or(contains(findings.evidence, 'acceptance_near_limit')) as is_acceptance_near_limit,
        bool_or(contains(findings.evidence, 'publicity_under_working_days')) as is_publicity_under_working_days
    from {{ ref('int_case__findings') }} as findings
    inner join {{ ref('rules') }} as rules
        on findings.rule_id = rules.rule_id
    group by findings.case_id
),

final as (
    select
        cases.case_id,
        cases.as_of_date,
        cases.case_kind,
        cases.case_origin,
        cases.case_state,
        cases.case_code,
        cases.household_key,
        cases.village_code,
        cases.township_code,
        cases.county_code,
        cases.prefecture_code,
        cases.monitored_type,
        applications.application_form,
        cases.start_date,
        {%- for step in steps %}
            cases.{{ step }}_date,
        {%- endfor %}
        cases.publicity_end_date,
        cases.labelled_date,
        cases.ended_date,
        cases.listed_month,
        cases.publicity_calendar_days,
        cases.publicity_working_days,
        cases.village_committee_count,
        cases.work_team_count,
        cases.supervisory_count,
        cases.villager_count,
        cases.objection_count,
        cases.is_objection_resolved,
        cases.skipped_step_count,
        cases.skipped_steps_zh,
        cases.disordered_step_count,
        cases.disordered_steps_zh,
        cases.longest_entry_lag_days,
        coalesce(comparisons.comparison_count, 0) as comparison_count,
        coalesce(comparisons.blocked_comparison_count, 0) as blocked_comparison_count,
        findings.is_acceptance_near_limit,
        findings.is_publicity_under_working_days,
        findings.raised_rule_ids,
        findings.raised_rules_zh,
        findings.unknown_rule_ids,
        cases.usable_from_date,
        cases.source_load_ids,
        cases.known_at
    from cases
    inner join findings
        on cases.case_id = findings.case_id
    left join applications
        on cases.case_id = applications.case_id
    left join comparisons
        on cases.case_id = comparisons.case_id
)

select * from final
