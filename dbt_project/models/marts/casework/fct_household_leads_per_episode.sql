{#
    The leads that townships are sent to verify, with what came of them. Ranked inside a township: what waits for an
    answer first, the gravest first; nothing is cut off (R11). A lead is pushed on the day it can first stand on the list.
#}
{{ config(tags=['stage_2']) }}

with leads as (
    select * from {{ ref('int_lead__episodes_timed') }}
),

judged as (
    select
        *,
        taken_working_days > allowed_working_days as is_late,
        case
            when verified_date is not null then 'verified'
            when not is_pushed_down then 'found_on_site'
            when taken_working_days > allowed_working_days then 'overdue'
            when taken_working_days <= allowed_working_days then 'open'
            else 'unknown'
        end as status
    from leads
),

final as (
    select
        episode_id,
        household_key,
        village_code,
        township_code,
        county_code,
        prefecture_code,
        subject_code,
        risk_code,
        rule_id,
        opened_date,
        last_seen_date,
        channels,
        departments,
        origin_codes,
        source_count,
        signal_count,
        severity_rank,
        cast(row_number() over (
            partition by township_code
            order by
                status in ('overdue', 'open', 'unknown') desc, severity_rank asc, source_count desc,
                opened_date asc, episode_id asc
        ) as integer) as township_rank,
        reason_zh,
        is_baseline,
        is_monitored_at_opening,
        is_pushed_down,
        pushed_date,
        due_date,
        verified_date,
        verdict,
        verdict_source,
        cast(case when is_pushed_down then taken_working_days end as integer) as taken_working_days,
        case when is_pushed_down then is_late end as is_overdue,
        status,
        run_date as as_of_date,
        known_at
    from judged
)

select * from final
