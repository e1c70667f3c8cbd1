-- Earthquakes as two services tell them, the newest statement of each; what a service took back is marked.
with source as (
    {{ known_rows('earthquakes') }}
),

ranked as (
    select
        *,
        min(known_at) over (partition by source_code, event_code) as first_known_at,
        row_number() over (
            partition by source_code, event_code
            order by known_at desc, updated_at desc nulls last, load_id desc, row_number desc
        ) as newest_first
    from source
),

final as (
    select
        event_code,
        lower(source_code) as source_code,
        occurred_at,
        magnitude,
        longitude,
        latitude,
        depth_km,
        place_text,
        -- USGS says `deleted`; the Chinese list leaves its column of deletions blank for what stands.
        case
            when source_code = 'CENC' then coalesce(trim(status_text), '') not in ('', '0')
            else lower(coalesce(status_text, '')) = 'deleted'
        end as is_withdrawn,
        cast(first_known_at + interval 8 hour as date) as usable_from_date,
        load_id,
        row_number,
        first_known_at as known_at
    from ranked
    where newest_first = 1
)

select * from final
