-- Every poll known, those that showed no warning too: only they can say that a warning was gone.
with known as (
    {{ known_loads() }}
),

final as (
    select
        poll_at,
        greatest(
            cast(poll_at + interval 8 hour as date), cast(min(known_at) + interval 8 hour as date)
        ) as usable_from_date,
        max(known_at) as known_at
    from known
    where feed = 'warnings_poll' and poll_at is not null
    group by poll_at
)

select * from final
