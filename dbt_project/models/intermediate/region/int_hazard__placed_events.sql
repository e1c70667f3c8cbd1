-- R14 and what GDACS tells: every statement of an event with a point, with the colour that it has in a prefecture and
-- the days on which it was the word on it. Where several services tell of one event the best speaks (seed
-- event_sources), from the day on which it does; a statement that is taken back speaks of nothing.
with told as (
    select
        lower(source_code) as source_kind, event_code, 'earthquake' as hazard_code, occurred_at as began_at,
        cast(null as timestamp) as ends_at, magnitude, cast(null as varchar) as grade_text, longitude, latitude,
        case lower(source_code)
            when 'usgs' then lower(coalesce(status_text, '')) = 'deleted'
            else coalesce(trim(status_text), '') not in ('', '0')
        end as is_withdrawn,
        row_usable_from_date as from_date,
        {{ superseded_date(['source_code', 'event_code'], ['updated_at']) }} as until_date,
        load_id, known_at
    from {{ ref('stg_hazards__earthquakes') }}
    union all
    select
        'gdacs' as source_kind, event_type_code || event_code as event_code,
        coalesce(typed.hazard_code, 'unknown') as hazard_code, from_at as began_at, to_at as ends_at, null as magnitude,
        lower(alert_level_text) as grade_text, longitude, latitude, false as is_withdrawn,
        row_usable_from_date as from_date,
        {{ superseded_date(['event_type_code', 'event_code'], ['published_at']) }} as until_date,
        load_id, known_at
    from {{ ref('stg_hazards__gdacs_events') }} as graded
    left join {{ ref('hazard_aliases') }} as typed on lower(graded.event_type_code) = typed.alias_text
),

placed as (
    select
        told.*, boxes.region_code, sources.source_rank, sources.same_within_minutes, sources.same_within_degrees,
        greatest(
            boxes.west_longitude - told.longitude, told.longitude - boxes.east_longitude,
            boxes.south_latitude - told.latitude, told.latitude - boxes.north_latitude, 0
        ) as outside_degrees
    from told
    inner join {{ ref('event_sources') }} as sources on told.source_kind = sources.source_kind
    cross join {{ ref('region_boxes') }} as boxes
    where not told.is_withdrawn and (told.until_date is null or told.from_date < told.until_date)
),

-- An earthquake by its magnitude and distance; what comes without one by the service's own colour, inside the box.
graded as (
    select
        placed.*,
        max(levels.level_rank) as colour_rank,
        max(coalesce(quakes.days_in_force, grades.days_in_force)) as days_in_force
    from placed
    left join {{ ref('quake_grades') }} as quakes
        on placed.magnitude >= quakes.magnitude_from and placed.outside_degrees <= quakes.within_degrees
    left join {{ ref('event_grades') }} as grades
        on
            placed.source_kind = grades.event_kind and placed.grade_text = grades.grade_text
            and placed.outside_degrees = 0
    inner join {{ ref('levels') }} as levels on coalesce(quakes.colour, grades.colour) = levels.level
    group by all
),

spoken_for as (
    select graded.*, min(better.from_date) as better_date
    from graded
    left join placed as better
        on
            graded.region_code = better.region_code
            and graded.hazard_code = better.hazard_code
            and graded.source_rank > better.source_rank
            and abs(graded.longitude - better.longitude) <= graded.same_within_degrees
            and abs(graded.latitude - better.latitude) <= graded.same_within_degrees
            and abs(date_diff('second', graded.began_at, better.began_at)) <= graded.same_within_minutes * 60
    group by all
),

final as (
    select
        source_kind as source, event_code, region_code, hazard_code, colour_rank, began_at, ends_at, days_in_force,
        from_date, least(until_date, better_date) as until_date, load_id, known_at
    from spoken_for
)

select * from final
where until_date is null or from_date < until_date
