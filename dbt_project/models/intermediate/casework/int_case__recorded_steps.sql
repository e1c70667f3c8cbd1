{#
    What townships wrote down of each step of a case. Written twice, the word that arrived last stands: a correction, or
    a list posted again after an objection.
#}
with events as (
    select
        *,
        case procedure_kind when '纳入' then 'inclusion' when '风险消除' then 'elimination' end as case_kind
    from {{ ref('stg_townships__procedure_events') }}
),

clock as (
    select max(as_of_date) as run_date from {{ source('landing', 'run_clock') }}
),

steps as (
    select * from {{ ref('procedure_steps') }}
),

named as (
    select
        events.*,
        coalesce(steps.step, 'other') as step,
        steps.step_rank
    from events
    inner join clock
        on events.row_usable_from_date <= clock.run_date
    left join steps
        on events.case_kind = steps.case_kind and events.procedure_step = steps.step_text
),

ranked as (
    select
        case_code,
        household_key,
        case_kind,
        step,
        step_rank,
        region_code as village_code,
        step_date,
        step_end_date,
        entered_date,
        village_committee_count,
        work_team_count,
        supervisory_count,
        villager_count,
        objection_count,
        is_objection_resolved,
        case monitored_type
            when '脱贫不稳定户' then 'unstable_lifted'
            when '边缘易致贫户' then 'marginal'
            when '突发严重困难户' then 'sudden_hardship'
        end as monitored_type,
        row_usable_from_date as usable_from_date,
        load_id,
        known_at,
        row_number() over (
            partition by case_code, household_key, case_kind, step
            order by known_at desc, step_date desc, load_id desc, row_number desc
        ) as newness,
        cast(count(*) over (partition by case_code, household_key, case_kind, step) as integer) as times_recorded_count
    from named
),

final as (
    select * exclude (newness)
    from ranked
    where newness = 1
)

select * from final
