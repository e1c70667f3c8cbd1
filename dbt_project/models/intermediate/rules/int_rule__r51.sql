{#
    §3(3): is a household of which no one can work marked eliminated all the same? Such a household stays monitored; one
    that is marked reopens, until someone in it can work. Whom death or deregistration closed is another matter.
#}
{{ config(materialized='view') }}

with households as (
    select * from {{ ref('int_household__monthly') }}
),

listed as (
    select * from {{ ref('int_household__monitored_monthly') }}
),

labour as (
    select * from {{ ref('int_case__labour_monthly') }}
),

judged as (
    select
        households.household_key,
        households.village_code,
        households.as_of_date,
        households.is_monitored,
        households.member_count,
        households.usable_from_date,
        households.known_at,
        households.source_load_ids,
        listed.eliminated_month,
        labour.able_member_count,
        labour.unable_member_count,
        case
            when households.is_monitored is null then 'unknown'
            when listed.household_key is null then 'not_applicable'
            when listed.is_followed then 'clear'
            when labour.is_deregistered then 'not_applicable'
            else {{ status_of('labour.is_without_labour') }}
        end as status
    from households
    left join listed
        on households.household_key = listed.household_key and households.as_of_date = listed.as_of_date
    left join labour
        on households.household_key = labour.household_key and households.as_of_date = labour.as_of_date
),

final as (
    select
        household_key,
        village_code,
        as_of_date,
        'R51' as rule_id,
        status,
        cast(able_member_count as decimal(18, 6)) as observed_value,
        cast(null as decimal(18, 6)) as threshold_value,
        'members able to work' as unit,
        cast(null as varchar) as threshold_id,
        {{ evidence_of({
            'clause': "'§3(3)'",
            'is_monitored': 'is_monitored',
            'eliminated_month': 'cast(eliminated_month as varchar)',
            'able_member_count': 'able_member_count',
            'unable_member_count': 'unable_member_count',
            'member_count': 'member_count',
            'loads': 'source_load_ids'
        }, caution="case when is_monitored is null then 'monitored_list_missing' else 'labour_unknown' end") }} as evidence,
        usable_from_date,
        known_at
    from judged
)

select * from final
