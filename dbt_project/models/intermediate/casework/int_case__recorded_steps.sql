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

ranked as (
    select
        events.case_code,
        events.household_key,
        events.case_kind,
        coalesce(steps.step, 'other') as step,
        steps.step_rank,
        events.region_code as village_code,
        events.step_date,
        events.step_end_date,
        events.entered_date,
        events.village_committee_count,
        events.work_team_count,
        events.supervisory_count,
        events.villager_count,
        events.objection_count,
        events.is_objection_resolved,
        case events.monitored_type
            when '脱贫不稳定户' then 'unstable_lifted'
            when '边缘易致贫户' then 'marginal'
            when '突发严重困难户' then 'sudden_hardship'
        end as monitored_type,
        events.row_usable_from_date as usable_from_date,
        events.load_id,
        events.known_at,
        row_number() over (
            partition by
                events.case_code, events.household_key, events.case_kind, coalesce(steps.step, 'other')
            order by events.known_at desc, events.step_date desc, events.load_id desc, events.row_number desc
        ) as newness,
        cast(count(*) over (
            partition by
                events.case_code, events.household_key, events.case_kind, coalesce(steps.step, 'other')
        ) as integer) as times_recorded_count
    from events
    inner join clock
        on events.row_usable_from_date <= clock.run_date
    left join steps
        on events.case_kind = steps.case_kind and events.procedure_step = steps.step_text
),

final as (
    select * exclude (newness)
    from ranked
    where newness = 1
)

select * from final
