{#
    §3(3) 风险消除: is a monitored household a candidate: income at or above the line for months enough, six guarantees
    safe, no risk that still shows? Raised means that the village may propose it; people decide. What else stands against
    it: R50, R51 and fct_elimination_candidates_monthly.
#}
{{ config(materialized='view') }}

with households as (
    select * from {{ ref('int_household__monthly') }}
),

checks as (
    select * from {{ ref('int_case__elimination_checks') }}
),

judged as (
    select
        households.household_key,
        households.village_code,
        households.as_of_date,
        households.is_monitored,
        households.usable_from_date,
        households.known_at,
        households.source_load_ids,
        checks.months_above_line_count,
        checks.required_month_count,
        checks.threshold_id,
        checks.is_above_long_enough,
        checks.is_guaranteed,
        checks.has_open_risk,
        checks.open_risks,
        case
            when not households.is_monitored then 'not_applicable'
            else {{ status_of('(checks.is_above_long_enough and checks.is_guaranteed and not checks.has_open_risk)') }}
        end as status
    from households
    left join checks
        on households.household_key = checks.household_key and households.as_of_date = checks.as_of_date
),

final as (
    select
        household_key,
        village_code,
        as_of_date,
        'R47' as rule_id,
        status,
        cast(months_above_line_count as decimal(18, 6)) as observed_value,
        cast(required_month_count as decimal(18, 6)) as threshold_value,
        'months' as unit,
        threshold_id,
        {{ evidence_of({
            'clause': "'§3(3)'",
            'months_above_line': 'months_above_line_count',
            'is_above_long_enough': 'is_above_long_enough',
            'is_guaranteed': 'is_guaranteed',
            'has_open_risk': 'has_open_risk',
            'open_risks': 'open_risks',
            'loads': 'source_load_ids'
        }, caution="case
            when is_monitored is null then 'monitored_list_missing'
            when required_month_count is null then 'no_threshold_in_force'
            else 'elimination_facts_unknown'
        end") }} as evidence,
        usable_from_date,
        known_at
    from judged
)

select * from final
