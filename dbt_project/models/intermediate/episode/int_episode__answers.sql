-- Who answers an episode with which measure: what a named person entered in the ledger, and what departments report of
-- themselves (区域风险处置反馈). Of one department and episode the newest word counts, the ledger's on the same day. A
-- measure that was done before the episode came back does not answer it; who declines answers nothing.
with owners as (
    select distinct department_code, department_text from {{ ref('risk_owners') }}
),

entered as (
    select
        cast(entries.episode_id as varchar) as episode_id,
        coalesce(owners.department_text, cast(entries.owner_code as varchar)) as owner_department,
        cast(entries.measure as varchar) as measure,
        cast(entries.done_on as date) as done_on,
        false as is_declined,
        cast(cast(entries.recorded_at as timestamp) + interval 8 hour as date) as told_on,
        1 as source_rank
    from {{ source('signals', 'responses') }} as entries
    left join owners
        on entries.owner_code = owners.department_code
),

run_day as (
    select max(as_of_date) as run_date from {{ source('landing', 'run_clock') }}
),

reported as (
    select
        cast(notices.episode_id as varchar) as episode_id,
        statements.owner_department,
        statements.measure_class as measure,
        case when statements.response_status = '已完成' then coalesce(statements.done_date, statements.state_date) end
            as done_on,
        statements.response_status = '不予处置' as is_declined,
        statements.state_date as told_on,
        2 as source_rank
    from {{ ref('stg_assistance__responses') }} as statements
    cross join run_day
    inner join {{ source('signals', 'told_notices') }} as notices on statements.notice_code = notices.notice_id
    where statements.row_usable_from_date <= run_day.run_date
),

told as (
    select * from entered
    union all
    select * from reported
),

ranked as (
    select
        told.*,
        row_number() over (
            partition by told.episode_id, told.owner_department
            order by told.told_on desc, told.source_rank asc, told.measure asc
        ) as newness
    from told
),

final as (
    select
        ranked.episode_id,
        ranked.owner_department,
        ranked.measure,
        ranked.told_on,
        ranked.done_on,
        coalesce(ranked.done_on <= run_day.run_date, false) as is_done
    from ranked
    inner join {{ ref('int_episode__episodes') }} as episodes on ranked.episode_id = episodes.episode_id
    cross join run_day
    where
        ranked.newness = 1
        and not ranked.is_declined
        and (ranked.done_on is null or ranked.done_on >= episodes.since_on)
)

select * from final
