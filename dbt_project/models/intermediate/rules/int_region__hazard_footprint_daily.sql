-- Each region's vulnerable households inside the footprint of the warnings and events in force on a day, by colour. The
-- footprint is told by townships: a county's warning holds for its townships, and a parent is judged on what its
-- townships add up to. Of a pest or a disease as many households are in it as the part of the crop or herd that is hit;
-- where not every part is known, the others may be in it.
with hazard_days as (
    select * from {{ source('signals', 'hazard_days') }}
    where known_colour is not null
),

levels as (
    select * from {{ ref('levels') }}
),

townships as (
    select * from {{ ref('int_region__current') }}
    where region_level = 'township'
),

ancestors as (
    select * from {{ ref('int_region__ancestors') }}
),

vulnerable as (
    select * from {{ ref('int_region__vulnerable_monthly') }}
),

exposed as (
    select * from {{ ref('int_region__hazard_exposed_monthly') }}
),

in_force as (
    select
        hazard_days.region_code as township_code,
        cast(hazard_days.day as date) as as_of_date,
        hazard_days.hazard_code,
        levels.level_rank as colour_rank,
        hazard_days.known_at,
        hazard_days.load_id
    from hazard_days
    inner join townships on hazard_days.region_code = townships.region_code
    inner join levels on hazard_days.known_colour = levels.level
),

with_households as (
    select
        in_force.*,
        {%- for count in ['exposed_household_count', 'exposed_vulnerable_count'] %}
            case
                when reach.is_known is null then exposed.{{ count }}
                else cast(round(exposed.{{ count }} * reach.reach_ratio) as bigint)
            end as {{ count }},
        {%- endfor %}
        exposed.unknown_vulnerable_count + case
            when coalesce(reach.is_known, true) then 0
            else exposed.exposed_vulnerable_count
                - cast(round(exposed.exposed_vulnerable_count * coalesce(reach.reach_ratio, 0)) as bigint)
        end as unknown_vulnerable_count
    from in_force
    left join vulnerable
        on
            in_force.township_code = vulnerable.region_code
            and in_force.as_of_date >= vulnerable.valid_from_date
            and in_force.as_of_date <= vulnerable.valid_to_date
    left join exposed
        on
            in_force.township_code = exposed.region_code
            and in_force.hazard_code = exposed.hazard_code
            and vulnerable.as_of_date = exposed.as_of_date
            and cast(date_trunc('month', in_force.as_of_date) as date) = exposed.hazard_month
    left join {{ ref('int_hazard__reach_daily') }} as reach
        on
            in_force.township_code = reach.township_code
            and in_force.hazard_code = reach.hazard_code
            and in_force.as_of_date = reach.as_of_date
),

-- A township under orange is under yellow and blue as well: each colour is judged with all that is at or above it.
final as (
    select
        ancestors.ancestor_code as region_code,
        with_households.as_of_date,
        with_households.hazard_code,
        colours.level as colour,
        colours.level_rank as colour_rank,
        count(*) as township_count,
        cast(coalesce(sum(with_households.exposed_household_count), 0) as bigint) as exposed_household_count,
        cast(coalesce(sum(with_households.exposed_vulnerable_count), 0) as bigint) as exposed_vulnerable_count,
        cast(coalesce(sum(with_households.unknown_vulnerable_count), 0) as bigint) as unknown_vulnerable_count,
        max(with_households.known_at) as known_at,
        min(with_households.load_id) as load_id
    from with_households
    inner join levels as colours
        on with_households.colour_rank >= colours.level_rank and colours.level_rank > 0
    inner join ancestors on with_households.township_code = ancestors.region_code
    group by
        ancestors.ancestor_code, with_households.as_of_date, with_households.hazard_code, colours.level,
        colours.level_rank
)

select * from final
