{#
    §3(1) leads, one per household, subject and spell, over all channels and departments. The id depends only on
    household, subject and opening day, so that a township's answer finds its lead again in every later run.
#}
with sources as (
    select * from {{ ref('int_lead__episode_sources') }}
),

episodes as (
    select
        household_key,
        subject_code,
        episode_number,
        max(rule_id) as rule_id,
        min(risk_code) as risk_code,
        min(first_seen_date) as opened_date,
        max(last_seen_date) as last_seen_date,
        arg_min(village_code, first_seen_date) as village_code,
        min(severity_rank) as severity_rank,
        cast(sum(signal_count) as integer) as signal_count,
        cast(count(distinct source) as integer) as source_count,
        {{ joined_words('discovery_channel', ',') }} as channels,
        {{ joined_words('department_zh', '、') }} as departments,
        {{ joined_words('origin_code', ',') }} as origin_codes,
        {{ joined_words('reason_zh', '；') }} as reason_zh,
        bool_or(is_pushed_down) as is_pushed_down,
        min(case when is_pushed_down then first_seen_date end) as pushed_date,
        coalesce(min(case when is_first_list then first_seen_date end) = min(first_seen_date), false) as is_baseline,
        max(known_at) as known_at
    from sources
    group by household_key, subject_code, episode_number
),

final as (
    select
        'E' || substring(md5(household_key || '|' || subject_code || '|' || cast(opened_date as varchar)), 1, 16)
            as episode_id,
        household_key,
        subject_code,
        episode_number,
        rule_id,
        risk_code,
        opened_date,
        last_seen_date,
        lead(opened_date) over (partition by household_key, subject_code order by episode_number) as next_opened_date,
        village_code,
        substring(village_code, 1, 9) || '000' as township_code,
        substring(village_code, 1, 6) || '000000' as county_code,
        substring(village_code, 1, 4) || '00000000' as prefecture_code,
        severity_rank,
        signal_count,
        source_count,
        channels,
        departments,
        origin_codes,
        reason_zh,
        is_pushed_down,
        pushed_date,
        is_baseline,
        known_at
    from episodes
)

select * from final
