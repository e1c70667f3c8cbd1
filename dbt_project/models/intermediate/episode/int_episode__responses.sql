-- How each episode was answered (R26): nothing is needed below yellow; else an owner and a measure are awaited until
-- the due day, and overdue after it. A due day that the calendar cannot tell is unknown. What was answered stays so.
with episodes as (
    select
        episodes.*,
        episodes.level_rank >= yellow.level_rank as is_needed
    from {{ ref('int_episode__episodes') }} as episodes
    inner join {{ ref('levels') }} as yellow on yellow.level = 'yellow'
),

run_day as (
    select max(as_of_date) as run_date from {{ source('landing', 'run_clock') }}
),

answered as (
    select
        episode_id,
        count(*) as owner_count,
        count(*) filter (where is_done) as done_count,
        string_agg(owner_department, '、' order by owner_department) as owners,
        string_agg(measure, '；' order by owner_department) as measures,
        max(done_on) as done_on
    from {{ ref('int_episode__answers') }}
    group by episode_id
),

final as (
    select
        episodes.episode_id,
        episodes.region_code,
        run_day.run_date as as_of_date,
        clocks.clock_from_on,
        clocks.due_on,
        clocks.allowed_working_days,
        clocks.threshold_id,
        answered.owners,
        answered.measures,
        case when answered.done_count = answered.owner_count then answered.done_on end as done_on,
        case
            when answered.done_count = answered.owner_count then 'done'
            when answered.owner_count is not null then 'owned'
            when not episodes.is_needed then 'none_needed'
            when clocks.due_on < run_day.run_date then 'overdue'
            when clocks.is_due_unknown then 'unknown'
            else 'awaiting'
        end as response_state,
        case
            when not episodes.is_needed then null
            when clocks.is_parameter_missing then 'no_threshold_in_force'
            when clocks.is_due_unknown then 'working_days_unknown'
        end as caution,
        episodes.known_at
    from episodes
    cross join run_day
    left join {{ ref('int_episode__clocks') }} as clocks on episodes.episode_id = clocks.episode_id
    left join answered on episodes.episode_id = answered.episode_id
)

select * from final
