-- Levels after children: a county takes the level that enough of its townships, or townships with enough of its V, have
-- reached; then a prefecture from its counties. A child that is unknown does not count, and of a county that was itself
-- raised only the V of the townships that raised it: a small township colours no prefecture.
{%- set tiers = [('county', 'township', 'nothing_below'), ('prefecture', 'county', 'township_reached')] %}
with own as (
    select
        judged.region_code, judged.region_level, judged.as_of_date, judged.own_level, judged.vulnerable_household_count,
        {{ level_rank('judged.own_level') }} as own_rank,
        current_region.parent_code
    from {{ ref('int_level__own_daily') }} as judged
    inner join {{ ref('int_region__current') }} as current_region on judged.region_code = current_region.region_code
),

parameters as (
    select * from {{ ref('int_region__parameters_daily') }}
),

grades as (
    select level_rank from {{ ref('levels') }}
    where level <> 'none'
),

township_levels as (
    select *, own_rank as final_rank, false as raised_by_children from own
    where region_level = 'township'
),

nothing_below as (
    select parent_code, as_of_date, own_rank as level_rank, 0 as child_vulnerable_count from own
    where false
),

{% for parent, child, below in tiers -%}
    {{ child }}_reached as (
        select
            children.parent_code,
            children.as_of_date,
            grades.level_rank,
            count(*) as child_count,
            sum(coalesce(case
                when children.own_rank >= grades.level_rank then children.vulnerable_household_count
                else below.child_vulnerable_count
            end, 0)) as child_vulnerable_count
        from {{ child }}_levels as children
        inner join grades on children.final_rank >= grades.level_rank
        left join {{ below }} as below
            on
                children.region_code = below.parent_code
                and children.as_of_date = below.as_of_date
                and grades.level_rank = below.level_rank
        group by children.parent_code, children.as_of_date, grades.level_rank
    ),

    {{ parent }}_raised as (
        select
            own.region_code,
            own.as_of_date,
            max(reached.level_rank) as raised_rank
        from own
        inner join {{ child }}_reached as reached
            on own.region_code = reached.parent_code and own.as_of_date = reached.as_of_date
        inner join parameters on own.as_of_date = parameters.as_of_date
        where
            reached.child_count >= parameters.children_count
            or reached.child_vulnerable_count >= parameters.children_share * own.vulnerable_household_count
        group by own.region_code, own.as_of_date
    ),

    {{ parent }}_levels as (
        select
            own.*,
            greatest(own.own_rank, raised.raised_rank) as final_rank,
            coalesce(raised.raised_rank > coalesce(own.own_rank, 0), false) as raised_by_children
        from own
        left join {{ parent }}_raised as raised
            on own.region_code = raised.region_code and own.as_of_date = raised.as_of_date
        where own.region_level = '{{ parent }}'
    ),

{% endfor -%}
final as (
    {%- for tier in ['township', 'county', 'prefecture'] %}
        select region_code, as_of_date, {{ rank_level('final_rank') }} as level, raised_by_children
        from {{ tier }}_levels
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
)

select * from final
