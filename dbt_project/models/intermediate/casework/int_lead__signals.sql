{#
    Every signal on a registered household, whoever gave it, in one shape. subject_code is what a lead is about: the
    risk where several sources may mean the same one, else the trigger, the kind of clue or the household rule.
#}
with told as (
    select
        source, trigger_id, cast(null as varchar) as rule_id, risk_code, reason_zh, household_key, signal_date,
        is_first_list, known_at
    from {{ ref('int_lead__department_hits') }}
    where source <> 'petitions_hotline'
    union all
    select
        source, null as trigger_id, rule_id, risk_code, null as reason_zh, household_key, signal_date,
        false as is_first_list, known_at
    from {{ ref('int_lead__clues') }}
),

registrations as (
    select * from {{ ref('int_household__registrations') }}
),

run_day as (
    select max(as_of_date) as run_date from {{ source('landing', 'run_clock') }}
),

final as (
    select
        told.household_key,
        coalesce(
            told.rule_id,
            case when severity.is_one_lead_across_sources then told.risk_code end,
            told.trigger_id,
            told.source
        ) as subject_code,
        told.signal_date,
        told.source,
        coalesce(told.trigger_id, told.rule_id, told.source) as origin_code,
        told.rule_id,
        told.risk_code,
        registrations.village_code,
        sources.department_zh,
        sources.discovery_channel,
        sources.is_pushed_down,
        coalesce(told.reason_zh, lead_rules.reason_zh, sources.reason_zh) as reason_zh,
        coalesce(lead_rules.severity_rank, severity.severity_rank) as severity_rank,
        told.is_first_list,
        told.known_at
    from told
    inner join registrations
        on
            told.household_key = registrations.household_key
            and told.signal_date >= registrations.valid_from_date
            and told.signal_date < registrations.valid_until_date
    inner join run_day
        on told.signal_date <= run_day.run_date
    inner join {{ ref('lead_sources') }} as sources
        on told.source = sources.source
    left join {{ ref('lead_severity') }} as severity
        on told.risk_code = severity.risk_code
    left join {{ ref('lead_rules') }} as lead_rules
        on told.rule_id = lead_rules.rule_id
)

select * from final
