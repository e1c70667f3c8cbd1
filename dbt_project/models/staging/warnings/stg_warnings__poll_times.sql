-- Every poll known, those that showed no warning too: only they can say that a warning was gone. A poll that the relay
-- answered with "unchanged" counts at its own time: what it had shown before still held then.
with known as (
    {{ known_loads() }}
),

polls as (
    {{ known_polls('warnings_poll') }}
),

times as (
    select poll_at, known_at from known
    where feed = 'warnings_poll' and poll_at is not null
    union all
    select polled_at as poll_at, known_at from polls
),

final as (
    select
        poll_at,
        greatest(
            cast(poll_at + interval 8 hour as date), cast(min(known_at) + interval 8 hour as date)
        ) as usable_from_date,
        max(known_at) as known_at
    from times
    group by poll_at
)

select * from final
