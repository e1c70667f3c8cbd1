-- Events as the hazard episodes read them beside the warnings: each statement a spell of one colour, from the day on
-- which it was the word on the event until another one was, or the event over. The first word reaches back to the event
-- itself, but was not known before; what is to begin later has not begun. A closure that lasts is one colour higher
-- from its long_closure-th day on.
with told as (
    select
        source, event_code, region_code, hazard_code, colour_rank, began_at, ends_at, days_in_force, from_date,
        until_date, load_id, known_at
    from {{ ref('int_hazard__placed_events') }}
    union all
    select
        source, event_code, region_code, hazard_code, colour_rank, began_at, ends_at, days_in_force, from_date,
        until_date, load_id, known_at
    from {{ ref('int_hazard__announced_events') }}
),

clock as (
    select least(max(known_at), cast(max(as_of_date) as timestamp) + interval 16 hour) as now_at
    from {{ source('landing', 'run_clock') }}
),

closures as (
    select
        told.*,
        cast(long_closure.value as integer) as long_days,
        case
            when from_date > min(from_date) over (partition by source, event_code, region_code, began_at)
                then greatest(began_at, cast(from_date as timestamp) - interval 8 hour)
            else began_at
        end as opened_at,
        coalesce(ends_at, began_at + to_days(days_in_force)) as over_at,
        cast(until_date as timestamp) - interval 8 hour as superseded_at
    from told
    left join {{ thresholds_of('long_closure') }} as long_closure
        on
            told.source in ('epidemic', 'public_emergency')
            and {{ in_force_on('long_closure', 'told.from_date') }}
),

graded as (
    select * exclude (long_days) from closures
    union all
    select
        * exclude (long_days) replace (
            least(colour_rank + 1, (select max(level_rank) from {{ ref('levels') }})) as colour_rank,
            greatest(opened_at, began_at + to_days(long_days - 1)) as opened_at
        )
    from closures
    where long_days is not null
),

bounded as (
    select
        graded.*,
        least(over_at, superseded_at) as end_at,
        coalesce(least(over_at, superseded_at) > clock.now_at, true) as is_open,
        coalesce(superseded_at <= over_at, ends_at is not null or superseded_at is not null) as is_end_told,
        clock.now_at
    from graded
    cross join clock
),

final as (
    select
        region_code, hazard_code, colour_rank, source, opened_at,
        least(greatest(opened_at, known_at), end_at) as last_seen_at,
        cast(null as timestamp) as first_absent_at,
        case when not is_open then end_at end as ended_at,
        case when is_open then 'open' when is_end_told then 'cancelled' else 'expires' end as end_basis,
        cast(from_date as timestamp) as usable_from_date,
        known_at,
        load_id
    from bounded
    where opened_at < least(end_at, now_at)
)

select * from final
