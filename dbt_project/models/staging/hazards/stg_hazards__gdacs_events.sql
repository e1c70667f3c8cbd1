-- Disasters that GDACS has graded, the newest statement of each.
with source as (
    {{ known_rows('gdacs_events') }}
),

ranked as (
    select
        *,
        min(known_at) over (partition by event_type_code, event_code) as first_known_at,
        row_number() over (
            partition by event_type_code, event_code
            order by known_at desc, version_number desc nulls last, load_id desc, row_number desc
        ) as newest_first
    from source
),

final as (
    select
        event_type_code || event_code as event_code,
        case event_type_code
            when 'FL' then 'flood' when 'TC' then 'typhoon' when 'DR' then 'drought' when 'EQ' then 'earthquake'
            when 'WF' then 'fire' else 'unknown'
        end as hazard_code,
        title_text as hazard_text,
        lower(alert_level_text) as alert_level,
        from_at as occurred_at,
        longitude,
        latitude,
        cast(first_known_at + interval 8 hour as date) as usable_from_date,
        load_id,
        row_number,
        first_known_at as known_at
    from ranked
    where newest_first = 1
)

select * from final
