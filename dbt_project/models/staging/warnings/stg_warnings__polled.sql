-- What each poll of the relay's active set showed; of two deliveries of one poll the newer counts.
with source as (
    {{ known_rows('warnings_poll') }}
),

polls as (
    {{ known_polls('warnings_poll') }}
),

-- A document is shown at the time that it names, and again at each later poll that it still answered.
shown as (
    select
        poll_at, region_code, event_text, colour_text, level_text, issued_at, expires_at, area_text,
        load_id, row_number, known_at, cautions
    from source
    union all
    select
        polls.polled_at as poll_at, source.region_code, source.event_text, source.colour_text, source.level_text,
        source.issued_at, source.expires_at, source.area_text,
        source.load_id, source.row_number, polls.known_at, source.cautions
    from polls
    inner join source
        on polls.load_id = source.load_id
),

ranked as (
    select
        *,
        min(known_at) over (partition by poll_at) as first_known_at,
        dense_rank() over (partition by poll_at order by known_at desc, load_id desc) as newest_first
    from shown
),

final as (
    select
        poll_at,
        region_code,
        event_text,
        {{ warning_colour('colour_text', 'null') }} as colour,
        colour_text,
        level_text,
        issued_at,
        expires_at,
        area_text,
        greatest(
            cast(poll_at + interval 8 hour as date), cast(first_known_at + interval 8 hour as date)
        ) as usable_from_date,
        load_id,
        row_number,
        known_at,
        cautions
    from ranked
    where newest_first = 1
)

select * from final
