-- The two keys (defaults.md, "A key, and a level, when data is missing"): a dimension known at blue or above gives its
-- level even while a feed is late; with none, the key is none only when every mandatory feed was on time, else unknown.
with regions as (
    select * from {{ ref('int_region__judged_daily') }}
),

dimensions as (
    select * from {{ ref('int_level__dimensions_daily') }}
),

distress as (
    select * from {{ ref('int_level__distress_daily') }}
),

feeds as (
    select * from {{ ref('int_level__feeds_daily') }}
),

parameters as (
    select * from {{ ref('int_region__parameters_daily') }}
),

levels as (
    select * from {{ ref('levels') }}
),

yellow as (
    select level_rank from levels
    where level = 'yellow'
),

shock as (
    select
        dimensions.region_code,
        dimensions.as_of_date,
        max(dimensions.known_rank) as known_rank,
        count(*) filter (where dimensions.known_rank >= yellow.level_rank) as raised_dimensions,
        {%- for dimension in ['hazard', 'price', 'employment', 'project', 'site'] %}
            max(case when dimensions.dimension = '{{ dimension }}' then dimensions.level end) as {{ dimension }}_level,
        {%- endfor %}
        max(dimensions.known_at) as known_at
    from dimensions
    cross join yellow
    group by dimensions.region_code, dimensions.as_of_date
),

ranked as (
    select
        regions.region_code,
        regions.region_level,
        regions.as_of_date,
        shock.* exclude (region_code, as_of_date, known_rank, raised_dimensions, known_at),
        -- Several dimensions at yellow or above lift the key by one, red at most.
        case
            when shock.raised_dimensions >= parameters.escalation_dimensions
                then least(shock.known_rank + 1, (select max(level_rank) from levels))
            else coalesce(shock.known_rank, 0)
        end as shock_rank,
        distress.level as distress_level,
        coalesce({{ level_rank('distress.level') }}, 0) as distress_rank,
        coalesce(shock_feeds.are_feeds_on_time, false) as are_shock_feeds_on_time,
        coalesce(distress_feeds.are_feeds_on_time, false)
        and coalesce(distress.level, 'unknown') <> 'unknown' as is_distress_complete,
        nullif(concat_ws(',', shock_feeds.missing_feeds, distress_feeds.missing_feeds), '') as missing_feeds,
        distress.vulnerable_household_count,
        distress.new_count,
        distress.previous_count,
        greatest(shock.known_at, distress.known_at) as known_at
    from regions
    left join shock on regions.region_code = shock.region_code and regions.as_of_date = shock.as_of_date
    left join distress on regions.region_code = distress.region_code and regions.as_of_date = distress.as_of_date
    left join feeds as shock_feeds
        on
            regions.region_code = shock_feeds.region_code
            and regions.as_of_date = shock_feeds.as_of_date and shock_feeds.key = 'shock'
    left join feeds as distress_feeds
        on
            regions.region_code = distress_feeds.region_code
            and regions.as_of_date = distress_feeds.as_of_date and distress_feeds.key = 'distress'
    left join parameters on regions.as_of_date = parameters.as_of_date
),

final as (
    select
        * exclude (shock_rank, distress_rank, are_shock_feeds_on_time, is_distress_complete),
        case
            when shock_rank > 0 or are_shock_feeds_on_time then {{ rank_level('shock_rank') }} else 'unknown'
        end as shock_key,
        case
            when distress_rank > 0 or is_distress_complete then {{ rank_level('distress_rank') }} else 'unknown'
        end as distress_key
    from ranked
)

select * from final
