-- R26: by when each episode is owed an owner and a measure. Every level from yellow on has its working days
-- (`response_working_days`), counted from the day on which the episode first stood there and was told: nobody is late
-- with what nobody told them. What is told by this very run is told on the run's day. The earliest of the dues counts;
-- a due that the calendar cannot tell is unknown.
with episodes as (
    select * from {{ ref('int_episode__episodes') }}
),

run_day as (
    select max(as_of_date) as run_date from {{ source('landing', 'run_clock') }}
),

notices as (
    select
        cast(told.episode_id as varchar) as episode_id,
        cast(told.as_of_date as date) as as_of_date,
        levels.level_rank
    from {{ source('signals', 'told_notices') }} as told
    inner join {{ ref('levels') }} as levels on told.level = levels.level
    where told.status <> 'rejected'
),

reached as (
    select
        episodes.episode_id,
        levels.level,
        levels.level_rank,
        min(raised.as_of_date) as reached_on,
        max(episodes.since_on) as since_on,
        max(case when episodes.level_rank >= levels.level_rank then run_day.run_date end) as standing_on
    from episodes
    cross join run_day
    inner join {{ ref('int_episode__days') }} as raised
        on
            episodes.region_code = raised.region_code
            and episodes.since_on <= raised.as_of_date
            and coalesce(episodes.closed_on, run_day.run_date) >= raised.as_of_date
    inner join {{ ref('levels') }} as levels on raised.level_rank >= levels.level_rank
    inner join {{ ref('levels') }} as yellow on yellow.level = 'yellow' and levels.level_rank >= yellow.level_rank
    group by episodes.episode_id, levels.level, levels.level_rank
),

told as (
    select
        reached.episode_id,
        reached.level,
        case
            when coalesce(min(notices.as_of_date), max(reached.standing_on)) is not null
                then greatest(reached.reached_on, coalesce(min(notices.as_of_date), max(reached.standing_on)))
        end as clock_from_on
    from reached
    left join notices
        on
            reached.episode_id = notices.episode_id
            and reached.level_rank <= notices.level_rank
            and reached.since_on <= notices.as_of_date
    group by reached.episode_id, reached.level, reached.reached_on
),

dues as (
    select
        told.episode_id,
        told.level,
        told.clock_from_on,
        allowed.value as allowed_working_days,
        allowed.threshold_id,
        min(due.calendar_date) as due_on
    from told
    left join {{ thresholds_of('response_working_days') }} as allowed
        on told.level = allowed.level and {{ in_force_on('allowed', 'told.clock_from_on') }}
    left join {{ ref('calendar_days') }} as started on told.clock_from_on = started.calendar_date
    left join {{ ref('calendar_days') }} as due
        on
            told.clock_from_on <= due.calendar_date
            and {{ working_days_after('started', 'due') }} = allowed.value
    where told.clock_from_on is not null
    group by told.episode_id, told.level, told.clock_from_on, allowed.value, allowed.threshold_id
),

final as (
    select
        episode_id,
        min(due_on) as due_on,
        min_by(clock_from_on, (due_on, level)) as clock_from_on,
        min_by(allowed_working_days, (due_on, level)) as allowed_working_days,
        min_by(threshold_id, (due_on, level)) as threshold_id,
        bool_or(due_on is null) as is_due_unknown,
        bool_or(allowed_working_days is null) as is_parameter_missing
    from dues
    group by episode_id
)

select * from final
