-- Which episode each stretch of raised days belongs to. The ledger owns the ids: a stretch that touches an episode told
-- before, or comes back within the days allowed after its end, goes on under that id. Else one that comes back in time
-- after the stretch before belongs to the same episode, and any other opens an episode of its own.
with stretches as (
    select
        region_code,
        stretch_number,
        min(as_of_date) as started_on,
        max(case when level_rank = 0 then as_of_date end) as ended_on
    from {{ ref('int_episode__days') }}
    group by region_code, stretch_number
),

notices as (
    select
        cast(region_code as varchar) as region_code,
        cast(opened_on as date) as opened_on,
        cast(as_of_date as date) as as_of_date,
        cast(change as varchar) = 'closed' as is_closing
    from {{ source('signals', 'told_notices') }}
),

told as (
    select
        region_code,
        opened_on,
        -- Closed, unless it was told of again after that.
        case
            when max(case when is_closing then as_of_date end) = max(as_of_date) then max(as_of_date)
        end as closed_on
    from notices
    group by region_code, opened_on
),

timed as (
    select
        stretches.*,
        lag(stretches.ended_on) over (
            partition by stretches.region_code order by stretches.started_on
        ) as ended_before_on,
        cast(allowed.value as integer) as reopen_days
    from stretches
    left join {{ thresholds_of('episode_reopen_days') }} as allowed
        on {{ in_force_on('allowed', 'stretches.started_on') }}
),

matched as (
    select timed.region_code, timed.stretch_number, max(told.opened_on) as told_on
    from timed
    inner join told
        on
            timed.region_code = told.region_code
            and told.opened_on <= coalesce(timed.ended_on, date '9999-12-31')
            and timed.started_on
            <= coalesce(told.closed_on + to_days(coalesce(timed.reopen_days, 0)), date '9999-12-31')
    group by timed.region_code, timed.stretch_number
),

opened as (
    select
        timed.*,
        case
            when matched.told_on is not null then matched.told_on
            when timed.started_on <= timed.ended_before_on + to_days(timed.reopen_days) then null
            else timed.started_on
        end as own_opened_on
    from timed
    left join matched
        on timed.region_code = matched.region_code and timed.stretch_number = matched.stretch_number
),

final as (
    select
        region_code,
        stretch_number,
        started_on,
        ended_on,
        last_value(own_opened_on ignore nulls) over (
            partition by region_code order by started_on rows between unbounded preceding and current row
        ) as opened_on
    from opened
)

select
    *,
    'E' || left(region_code, 9) || '-' || replace(cast(opened_on as varchar), '-', '') as episode_id
from final
