{#
    §3(1) 及时将监测预警信息反馈基层核实: was a lead that a township was told of verified in time? One row per lead, at the
    run's own day. What the township found or received itself need not be told to it. A lead that still has time is clear.
#}
with leads as (
    select * from {{ ref('int_lead__episodes_timed') }}
),

judged as (
    select
        *,
        case
            when not is_pushed_down then 'not_applicable'
            else {{ status_of('(taken_working_days > allowed_working_days)') }}
        end as status
    from leads
),

final as (
    select
        episode_id as case_id,
        household_key,
        village_code,
        run_date as as_of_date,
        'R34' as rule_id,
        status,
        cast(case when status <> 'not_applicable' then taken_working_days end as decimal(18, 6)) as observed_value,
        allowed_working_days as threshold_value,
        unit,
        threshold_id,
        {{ evidence_of({
            'clause': "'§3(1)'",
            'subject_code': 'subject_code',
            'channels': 'channels',
            'pushed_date': 'cast(pushed_date as varchar)',
            'due_date': 'cast(due_date as varchar)',
            'verified_date': 'cast(first_verified_date as varchar)',
            'verdict': 'verdict',
            'loads': 'verdict_load_id'
        }, caution="'lead_clock_unknown'") }} as evidence,
        greatest(opened_date, verdict_usable_from_date) as usable_from_date,
        known_at
    from judged
)

select * from final
