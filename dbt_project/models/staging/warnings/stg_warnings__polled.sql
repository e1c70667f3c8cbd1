-- What each poll of the relay's active set showed; of two deliveries of one poll the newer counts.
with source as (
    {{ known_rows('warnings_poll') }}
),

ranked as (
    select
        *,
        min(known_at) over (partition by poll_at) as first_known_at,
        dense_rank() over (partition by poll_at order by known_at desc, load_id desc) as newest_first
    from source
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
