{# The second half of fct_region_impact_per_episode: villages summed up to every region that holds them. #}
{% macro impact_by_region(counts, cases) %}
placed as (
    select households.*, regions.region_code
    from households
    inner join {{ ref('int_region__current') }} as regions on households.village_code = regions.region_code
    union all
    select households.*, ancestors.ancestor_code as region_code
    from households
    inner join {{ ref('int_region__ancestors') }} as ancestors on households.township_code = ancestors.region_code
),

summed as (
    select
        placed.region_code,
        placed.shock_id,
        {%- for name in ['household_count', 'vulnerable_household_count'] %}
            cast(sum(placed.{{ name }}) as bigint) as {{ name }},
        {%- endfor %}
        {%- for name in counts %}
            cast(coalesce(sum(by_village.{{ name }}), 0) as bigint) as {{ name }},
        {%- endfor %}
        {%- for name in cases %}
            cast(coalesce(sum(by_village.back_to_line_{{ name }}_cny), 0) as decimal(18, 2))
                as back_to_line_{{ name }}_cny,
        {%- endfor %}
        max(by_village.usable_from_date) as usable_from_date,
        max(by_village.known_at) as known_at
    from placed
    left join by_village
        on
            placed.shock_id = by_village.shock_id
            and placed.township_code = by_village.township_code
            and placed.village_code is not distinct from by_village.village_code
    group by placed.region_code, placed.shock_id
),

final as (
    select
        summed.shock_id, summed.region_code, regions.region_name, regions.region_level, shocks.as_of_date,
        shocks.kind, shocks.kind_name_zh, shocks.subject, shocks.subject_name_zh, shocks.rule_id,
        shocks.reason_code, shocks.reason_name_zh, shocks.opened_date, shocks.last_held_date, shocks.is_open,
        shocks.severity, shocks.fall_ratio,
        summed.* exclude (shock_id, region_code, usable_from_date, known_at),
        greatest(shocks.usable_from_date, summed.usable_from_date) as usable_from_date,
        greatest(shocks.known_at, summed.known_at) as known_at
    from summed
    inner join shocks on summed.shock_id = shocks.shock_id
    inner join {{ ref('int_region__current') }} as regions on summed.region_code = regions.region_code
    where regions.region_level <> 'province'
)
{%- endmacro %}
