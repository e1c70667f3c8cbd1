{#
    What a shock does to each region that holds part of its footprint, from the village up: each number is a count, or
    a sum of money, over the rows of fct_household_impact_per_episode that lie in the region.
#}
{{ config(tags=['stage_2']) }}

{%- set cases = ['low', 'central', 'high'] %}
{%- set counts = {
    'exposed_household_count': 'is_exposed',
    'exposed_vulnerable_count': 'is_exposed and is_vulnerable',
    'unknown_household_count': "outcome_central = 'unknown'",
    'already_below_count': "outcome_central = 'already_below'",
    'crossing_low_count': "outcome_low = 'crosses'",
    'crossing_central_count': "outcome_central = 'crosses'",
    'crossing_high_count': "outcome_high = 'crosses'",
    'crossing_lifted_out_count': "would_be_type = 'unstable_lifted'",
    'crossing_other_count': "would_be_type = 'marginal'",
    'crossing_monitored_count': "outcome_central = 'crosses' and household_type not in ('lifted_out', 'ordinary')",
    'hard_hit_low_count': "outcome_low = 'hard_hit'",
    'hard_hit_central_count': "outcome_central = 'hard_hit'",
    'hard_hit_high_count': "outcome_high = 'hard_hit'"
} %}

with listed as (
    select * from {{ ref('fct_household_impact_per_episode') }}
),

shocks as (
    select * from {{ ref('int_shock__episodes') }}
    where is_computed
),

footprints as (
    select shock_id, township_code from {{ ref('int_shock__footprints') }}
    where is_computed
),

by_village as (
    select
        shock_id, township_code, village_code,
        {%- for name, condition in counts.items() %}
            count(*) filter (where {{ condition }}) as {{ name }},
        {%- endfor %}
        {%- for name in cases %}
            coalesce(sum(back_to_line_{{ name }}_cny), 0) as back_to_line_{{ name }}_cny,
        {%- endfor %}
        max(usable_from_date) as usable_from_date,
        max(known_at) as known_at
    from listed
    group by shock_id, township_code, village_code
),

-- A region without a registered household has nobody to count, which is not the same as nobody hit.
households as (
    select
        footprints.shock_id, today.township_code, today.village_code,
        count(*) as household_count,
        count(*) filter (where today.is_vulnerable) as vulnerable_household_count
    from footprints
    inner join {{ ref('int_household__monthly') }} as today on footprints.township_code = today.township_code
    inner join shocks on footprints.shock_id = shocks.shock_id and today.as_of_date = shocks.as_of_date
    group by footprints.shock_id, today.township_code, today.village_code
),

-- A household counts for its township also where its village is not in the register.
{{ impact_by_region(counts.keys() | list, cases) }}

select * from final
