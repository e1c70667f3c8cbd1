-- What each disaster cost each region, as its reports restated it: the newest figures stand, the first and the highest
-- stay in sight. A place's own report is left out where places inside it have told theirs. A figure that some of the
-- places do not tell is a lower bound.
{{ config(tags=['stage_2']) }}

{%- set counts = ['first_person_count', 'highest_person_count', 'affected_person_count', 'affected_household_count',
    'collapsed_house_count', 'damaged_house_count'] %}
{%- set sums = ['crop_affected_mu', 'no_harvest_mu', 'direct_loss_cny'] %}

with losses as (
    select * from {{ ref('int_hazard__loss_events') }}
),

ancestors as (
    select * from {{ ref('int_region__ancestors') }}
),

summed_up as (
    select distinct losses.event_code, losses.region_code
    from losses
    inner join ancestors on losses.region_code = ancestors.ancestor_code and ancestors.distance > 0
    inner join losses as inner_place
        on ancestors.region_code = inner_place.region_code and losses.event_code = inner_place.event_code
),

told as (
    select losses.*
    from losses
    left join summed_up
        on losses.event_code = summed_up.event_code and losses.region_code = summed_up.region_code
    where summed_up.event_code is null
),

by_region as (
    select
        ancestors.ancestor_code as region_code,
        told.event_code,
        min_by(told.hazard_code, told.hazard_code) as hazard_code,
        min(told.occurred_at) as occurred_at,
        min(told.first_reported_at) as first_reported_at,
        max(told.reported_at) as newest_reported_at,
        max(told.report_count) as report_count,
        count(*) as place_count,
        {%- for column in counts %}
            cast(sum(told.{{ column }}) as bigint) as {{ column }},
        {%- endfor %}
        {%- for column in sums %}
            cast(sum(told.{{ column }}) as decimal(18, 2)) as {{ column }},
        {%- endfor %}
        nullif(concat_ws(
            ',',
            {%- for column in counts + sums %}
                case when count(told.{{ column }}) between 1 and count(*) - 1 then '{{ column }}' end
                {{- ',' if not loop.last }}
            {%- endfor %}
        ), '') as lower_bound_figures,
        max_by(told.load_id, (told.reported_at, told.load_id)) as load_id,
        max(told.known_at) as known_at
    from told
    inner join ancestors on told.region_code = ancestors.region_code
    group by ancestors.ancestor_code, told.event_code
),

final as (
    select
        by_region.region_code,
        regions.region_name,
        regions.region_level,
        by_region.event_code,
        by_region.hazard_code,
        hazard_types.name_zh as hazard_name_zh,
        hazard_types.rule_id,
        by_region.* exclude (region_code, event_code, hazard_code)
    from by_region
    inner join {{ ref('int_region__current') }} as regions on by_region.region_code = regions.region_code
    inner join {{ ref('hazard_types') }} as hazard_types on by_region.hazard_code = hazard_types.hazard_code
    where regions.region_level in ('prefecture', 'county', 'township')
)

select * from final
