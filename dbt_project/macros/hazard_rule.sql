{#
    The rule of one family of hazards (R12 flood and drought, R13 weather) for every judged region and day.
    The warning's colour and the share of V exposed inside its footprint meet in the seed hazard_matrix; shares are
    compared by multiplication. Of several hazards and colours the worst answer speaks. No episode: none. An episode
    where V is not known, or where those of unknown exposure would decide: unknown. Below min_base: counts, no level.
#}
{% macro hazard_rule(rule_id) %}
with regions as (
    select
        judged.region_code,
        judged.as_of_date,
        vulnerable.vulnerable_household_count,
        vulnerable.known_at as households_known_at,
        parameters.min_base,
        parameters.hysteresis_share,
        parameters.hysteresis_days,
        known.first_known_date
    from {{ ref('int_region__judged_daily') }} as judged
    inner join {{ ref('int_region__parameters_daily') }} as parameters on judged.as_of_date = parameters.as_of_date
    cross join {{ ref('int_hazard__first_known') }} as known
    left join {{ ref('int_region__vulnerable_monthly') }} as vulnerable
        on
            judged.region_code = vulnerable.region_code
            and judged.as_of_date >= vulnerable.valid_from_date
            and judged.as_of_date <= vulnerable.valid_to_date
),

footprints as (
    select footprint.*
    from {{ ref('int_region__hazard_footprint_daily') }} as footprint
    inner join {{ ref('hazard_types') }} as types on footprint.hazard_code = types.hazard_code
    where types.rule_id = '{{ rule_id }}'
),

bands as (
    select matrix.*, levels.level_rank
    from {{ ref('hazard_matrix') }} as matrix
    inner join {{ ref('levels') }} as levels on matrix.level = levels.level
),

-- The matrix rises with the share, so the highest level whose band begins at or below the share is the level.
graded as (
    select
        footprints.*,
        regions.vulnerable_household_count,
        {%- set reached = 'bands.exposed_ratio_from * regions.vulnerable_household_count' %}
        max(case when exposed_vulnerable_count >= {{ reached }} then bands.level_rank end) as raw_rank,
        max(case when exposed_vulnerable_count >= {{ reached }} * regions.hysteresis_share then bands.level_rank end)
            as hold_rank,
        max(case when exposed_vulnerable_count + unknown_vulnerable_count >= {{ reached }} then bands.level_rank end)
            as possible_rank
    from footprints
    inner join regions
        on footprints.region_code = regions.region_code and footprints.as_of_date = regions.as_of_date
    inner join bands on footprints.colour = bands.episode_colour
    group by all
),

-- The share that was reached, or, with none, the first that would raise this colour.
compared as (
    select
        graded.region_code, graded.as_of_date, graded.hazard_code, graded.colour,
        min(bands.exposed_ratio_from) as threshold_value
    from graded
    inner join bands
        on graded.colour = bands.episode_colour and bands.level_rank >= greatest(graded.raw_rank, 1)
    group by graded.region_code, graded.as_of_date, graded.hazard_code, graded.colour
),

ranked as (
    select
        graded.*,
        compared.threshold_value,
        max(hold_rank) over (partition by graded.region_code, graded.as_of_date) as region_hold_rank,
        max(possible_rank) over (partition by graded.region_code, graded.as_of_date) as region_possible_rank,
        row_number() over (
            partition by graded.region_code, graded.as_of_date
            order by raw_rank desc nulls last, exposed_vulnerable_count > 0 desc, colour_rank desc,
                exposed_vulnerable_count desc, graded.hazard_code
        ) as worst_first
    from graded
    left join compared
        on
            graded.region_code = compared.region_code and graded.as_of_date = compared.as_of_date
            and graded.hazard_code = compared.hazard_code and graded.colour = compared.colour
),

in_force as (
    select region_code, as_of_date, string_agg(hazard_code || ':' || colour, ',' order by hazard_code) as hazards
    from (
        select region_code, as_of_date, hazard_code, max_by(colour, colour_rank) as colour
        from footprints
        group by region_code, as_of_date, hazard_code
    ) as highest
    group by region_code, as_of_date
),
{{ hazard_rule_answer(rule_id) }}
{% endmacro %}
