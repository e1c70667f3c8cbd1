{#
    R34, how often what a source says is true: of the leads of one trigger, rule or kind of clue that a township
    answered, the share that it confirmed, with a Wilson interval. Counts add up over months and townships; shares do
    not. A lead that several sources gave counts for each. A household sent twice ("duplicate") is no answer.
#}
{{ config(tags=['stage_2']) }}

with sources as (
    select * from {{ ref('int_lead__episode_sources') }}
),

leads as (
    select * from {{ ref('int_lead__episodes_timed') }}
),

base as (
    select * from {{ thresholds_of('lead_precision_min_base') }}
),

width as (
    select * from {{ thresholds_of('lead_precision_interval') }}
),

counted as (
    select
        sources.origin_code,
        sources.rule_id,
        sources.department_zh,
        sources.discovery_channel,
        leads.township_code,
        leads.county_code,
        leads.prefecture_code,
        cast(date_trunc('month', cast(leads.opened_date as timestamp)) as date) as month_start_date,
        cast(count(*) as bigint) as lead_count,
        cast(count(*) filter (where leads.verdict <> 'duplicate') as bigint) as verified_count,
        cast(count(*) filter (where leads.verdict in ('included', 'existing')) as bigint) as confirmed_count
    from sources
    inner join leads
        on
            sources.household_key = leads.household_key
            and sources.subject_code = leads.subject_code
            and sources.episode_number = leads.episode_number
    group by
        sources.origin_code, sources.rule_id, sources.department_zh, sources.discovery_channel, leads.township_code,
        leads.county_code, leads.prefecture_code, date_trunc('month', cast(leads.opened_date as timestamp))
),

measured as (
    select
        counted.*,
        base.value as min_base,
        cast(nullif(verified_count, 0) as double) as answered,
        cast(confirmed_count as double) / nullif(verified_count, 0) as confirmed,
        cast(width.value as double) as z
    from counted
    left join base
        on {{ in_force_on('base', 'counted.month_start_date') }}
    left join width
        on {{ in_force_on('width', 'counted.month_start_date') }}
),

final as (
    select
        origin_code,
        rule_id,
        department_zh,
        discovery_channel,
        township_code,
        county_code,
        prefecture_code,
        month_start_date,
        substring(cast(month_start_date as varchar), 1, 7) as period,
        lead_count,
        verified_count,
        confirmed_count,
        cast(round(confirmed, 6) as decimal(9, 6)) as precision_ratio,
        {{ wilson_bound('confirmed', 'answered', 'z', '-') }} as precision_low_ratio,
        {{ wilson_bound('confirmed', 'answered', 'z', '+') }} as precision_high_ratio,
        case
            when min_base is null then 'unknown'
            when verified_count < min_base then 'too_few'
            else 'enough'
        end as base_tier
    from measured
)

select * from final
