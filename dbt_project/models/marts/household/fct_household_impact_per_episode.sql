-- The list behind every number of fct_region_impact_per_episode: who is exposed to a shock that is computed on the
-- run's day, what it would leave, and whom to call. Who is known not to be exposed has no row.
{{ config(tags=['stage_2']) }}

with outcomes as (
    select * from {{ ref('int_shock__outcomes') }}
),

shocks as (
    select * from {{ ref('int_shock__episodes') }}
),

contacts as (
    select * from {{ ref('int_shock__contacts') }}
),

final as (
    select
        outcomes.shock_id, outcomes.household_key, outcomes.as_of_date,
        shocks.kind, shocks.kind_name_zh, shocks.subject, shocks.subject_name_zh, shocks.rule_id,
        shocks.reason_code, shocks.reason_name_zh, shocks.opened_date, shocks.last_held_date, shocks.is_open,
        outcomes.village_code, outcomes.township_code, outcomes.county_code, outcomes.prefecture_code,
        outcomes.is_vulnerable, outcomes.household_type, outcomes.would_be_type, outcomes.member_count,
        outcomes.is_exposed, outcomes.exposure_basis, outcomes.income_to_month, outcomes.line_cny,
        outcomes.net_before_cny, outcomes.touched_cny, outcomes.claims_cny,
        {%- for name in ['low', 'central', 'high'] %}
            outcomes.net_{{ name }}_cny,
        {%- endfor %}
        cast(round(outcomes.net_before_cny / nullif(outcomes.member_count, 0), 2) as decimal(18, 2)) as pc_before_cny,
        {%- for name in ['low', 'central', 'high'] %}
            cast(round(outcomes.net_{{ name }}_cny / nullif(outcomes.member_count, 0), 2) as decimal(18, 2))
                as pc_{{ name }}_cny,
        {%- endfor %}
        outcomes.outcome_low, outcomes.outcome_central, outcomes.outcome_high,
        outcomes.back_to_line_low_cny, outcomes.back_to_line_central_cny, outcomes.back_to_line_high_cny,
        contacts.helper_person_key, contacts.grid_code, contacts.keeper_person_key,
        outcomes.caution as cautions,
        greatest(shocks.usable_from_date, outcomes.usable_from_date) as usable_from_date,
        greatest(shocks.known_at, outcomes.known_at) as known_at
    from outcomes
    inner join shocks on outcomes.shock_id = shocks.shock_id
    left join contacts on outcomes.household_key = contacts.household_key
)

select * from final
