-- CAP messages: a message that arrives again unchanged counts once, from its first arrival. One that breaks the schema
-- stays in sight and is marked: nothing follows from it.
with source as (
    {{ known_rows('warnings_cap') }}
),

ranked as (
    select
        *,
        min(known_at) over (partition by row_hash) as first_known_at,
        row_number() over (partition by row_hash order by known_at, load_id, row_number) as earliest_first
    from source
),

final as (
    select
        identifier as message_id,
        region_code,
        sender,
        sent_at,
        lower(status_code) as status,
        -- An all-clear is a Cancel by its words too: some senders give it as an Update.
        case when headline_text like '%解除%' then 'cancel' else lower(message_type_code) end as message_type,
        references_text as reference_text,
        event_text,
        {{ warning_colour('colour_text', 'severity_code') }} as colour,
        colour_text,
        severity_code,
        level_text,
        onset_at,
        expires_at,
        headline_text,
        area_text,
        is_schema_valid,
        greatest(
            cast(sent_at + interval 8 hour as date), cast(first_known_at + interval 8 hour as date)
        ) as usable_from_date,
        load_id,
        row_number,
        first_known_at as known_at,
        cautions
    from ranked
    where earliest_first = 1
)

select * from final
