-- Messages and polls in one shape, with the hazard they name and the reason why one is not used. Nothing is left out:
-- an unread colour is counted here, and an unread type stays a warning of an unknown hazard.
with messages as (
    select
        'cap' as source_kind,
        *,
        null as poll_at
    from {{ ref('stg_warnings__messages') }}
),

polled as (
    select * from {{ ref('stg_warnings__polled') }}
),

aliases as (
    select * from {{ ref('hazard_aliases') }}
),

both_sources as (
    select
        source_kind, region_code, event_text, colour, colour_text, message_id, message_type, reference_text,
        sent_at, expires_at, cast(poll_at as timestamp) as poll_at, status, is_schema_valid,
        usable_from_date, load_id, row_number, known_at
    from messages
    union all
    select
        'poll' as source_kind, region_code, event_text, colour, colour_text, null as message_id,
        'alert' as message_type, null as reference_text, issued_at as sent_at, expires_at, poll_at,
        'actual' as status, true as is_schema_valid,
        usable_from_date, load_id, row_number, known_at
    from polled
),

final as (
    select
        both_sources.source_kind,
        both_sources.region_code,
        coalesce(aliases.hazard_code, 'unknown') as hazard_code,
        both_sources.event_text,
        both_sources.colour,
        both_sources.colour_text,
        both_sources.message_id,
        both_sources.message_type,
        both_sources.reference_text,
        both_sources.sent_at,
        both_sources.expires_at,
        both_sources.poll_at,
        case
            when not both_sources.is_schema_valid then 'schema_invalid'
            when coalesce(both_sources.status, '') <> 'actual' then 'not_actual'
            when coalesce(both_sources.message_type, '') not in ('alert', 'update', 'cancel') then 'no_warning'
            when both_sources.colour is null and both_sources.message_type <> 'cancel' then 'unknown_colour'
        end as refusal_reason,
        case when aliases.hazard_code is null then 'unknown_hazard_type' end as caution,
        both_sources.usable_from_date,
        both_sources.load_id,
        both_sources.row_number,
        both_sources.known_at
    from both_sources
    left join aliases on {{ hazard_wording('both_sources.event_text') }} = aliases.alias_text
)

select * from final
