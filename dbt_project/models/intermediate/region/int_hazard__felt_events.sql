-- Events that come with a point, inside a prefecture's box. Where several services tell of one, the best of them speaks
-- (seed event_sources) and the others are counted; all stay in the landing as they came.
with placed as (
    select
        lower(source_code) as source_kind,
        event_code,
        'earthquake' as hazard_code,
        place_text as hazard_text,
        occurred_at,
        magnitude,
        longitude,
        latitude,
        row_usable_from_date as usable_from_date,
        load_id,
        row_number,
        known_at
    from {{ ref('stg_hazards__earthquakes') }}
    where
        is_newest
        -- What was taken back: USGS says `deleted`; the Chinese list leaves its column blank for what stands.
        and not (source_code = 'USGS' and lower(coalesce(status_text, '')) = 'deleted')
        and not (source_code = 'CENC' and coalesce(trim(status_text), '') not in ('', '0'))
    union all
    select
        'gdacs' as source_kind,
        event_type_code || event_code as event_code,
        coalesce(typed.hazard_code, 'unknown') as hazard_code,
        title_text as hazard_text,
        from_at as occurred_at,
        cast(null as decimal(18, 6)) as magnitude,
        longitude,
        latitude,
        row_usable_from_date as usable_from_date,
        load_id,
        row_number,
        known_at
    from {{ ref('stg_hazards__gdacs_events') }} as graded
    left join {{ ref('hazard_aliases') }} as typed on lower(graded.event_type_code) = typed.alias_text
    where is_newest
),

inside as (
    select
        boxes.region_code,
        placed.*,
        sources.source_rank,
        sources.same_within_minutes,
        sources.same_within_degrees
    from placed
    inner join {{ ref('region_boxes') }} as boxes
        on
            placed.longitude between boxes.west_longitude and boxes.east_longitude
            and placed.latitude between boxes.south_latitude and boxes.north_latitude
    inner join {{ ref('event_sources') }} as sources on placed.source_kind = sources.source_kind
),

-- Each event with the best source's event that it is; with none, it is its own.
matched as (
    select
        inside.source_kind,
        inside.event_code,
        inside.region_code,
        min_by(better.event_code, (better.source_rank, better.event_code)) as better_code,
        min_by(better.source_kind, (better.source_rank, better.event_code)) as better_kind
    from inside
    inner join inside as better
        on
            inside.region_code = better.region_code
            and inside.hazard_code = better.hazard_code
            and inside.source_rank > better.source_rank
            and abs(inside.longitude - better.longitude) <= inside.same_within_degrees
            and abs(inside.latitude - better.latitude) <= inside.same_within_degrees
            and abs(date_diff('second', inside.occurred_at, better.occurred_at)) <= inside.same_within_minutes * 60
    group by inside.source_kind, inside.event_code, inside.region_code
),

final as (
    select
        inside.* exclude (source_rank, same_within_minutes, same_within_degrees),
        1 + (
            select count(*) from matched as told
            where told.better_code = inside.event_code and told.better_kind = inside.source_kind
        ) as source_count
    from inside
    left join matched
        on
            inside.source_kind = matched.source_kind
            and inside.event_code = matched.event_code
            and inside.region_code = matched.region_code
    where matched.better_code is null
)

select * from final
