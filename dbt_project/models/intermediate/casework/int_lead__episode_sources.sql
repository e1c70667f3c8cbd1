{#
    Signals of one household on one subject that follow within `lead_gap_days` are one lead, whoever gave them. Here it
    stands by what gave them, so that the hit rate of each trigger can be counted.
#}
with signals as (
    select * from {{ ref('int_lead__signals') }}
),

days as (
    select distinct household_key, subject_code, signal_date
    from signals
),

spaced as (
    select
        days.*,
        lag(signal_date) over (partition by household_key, subject_code order by signal_date) as previous_date
    from days
),

numbered as (
    select
        spaced.household_key,
        spaced.subject_code,
        spaced.signal_date,
        sum(case
            when spaced.previous_date is null or spaced.signal_date - spaced.previous_date > apart.value then 1 else 0
        end) over (
            partition by spaced.household_key, spaced.subject_code
            order by spaced.signal_date rows between unbounded preceding and current row
        ) as episode_number
    from spaced
    left join {{ thresholds_of('lead_gap_days') }} as apart
        on {{ in_force_on('apart', 'spaced.signal_date') }}
),

final as (
    select
        signals.household_key,
        signals.subject_code,
        cast(numbered.episode_number as integer) as episode_number,
        signals.source,
        signals.origin_code,
        signals.risk_code,
        max(signals.rule_id) as rule_id,
        max(signals.department_zh) as department_zh,
        max(signals.discovery_channel) as discovery_channel,
        bool_or(signals.is_pushed_down) as is_pushed_down,
        max(signals.reason_zh) as reason_zh,
        min(signals.severity_rank) as severity_rank,
        min(signals.signal_date) as first_seen_date,
        max(signals.signal_date) as last_seen_date,
        cast(count(*) as integer) as signal_count,
        arg_min(signals.village_code, signals.signal_date) as village_code,
        arg_min(signals.is_first_list, signals.signal_date) as is_first_list,
        max(signals.known_at) as known_at
    from signals
    inner join numbered
        on
            signals.household_key = numbered.household_key
            and signals.subject_code = numbered.subject_code
            and signals.signal_date = numbered.signal_date
    group by
        signals.household_key, signals.subject_code, numbered.episode_number, signals.source, signals.origin_code,
        signals.risk_code
)

select * from final
