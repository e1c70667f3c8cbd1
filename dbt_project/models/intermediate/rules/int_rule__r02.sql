{#
    §2(1): has a household that the national list follows exactly one of the three monitored types? A list that names a
    month of identification or a risk follows the household, whether or not it says as what.
#}
{{ config(materialized='view') }}

with households as (
    select * from {{ ref('int_household__monthly') }}
),

listed as (
    select * from {{ ref('int_household__monitored_monthly') }}
),

types as (
    select * from {{ thresholds_of('types_per_monitored_household') }}
),

judged as (
    select
        households.household_key,
        households.village_code,
        households.as_of_date,
        households.is_monitored is not null as is_list_known,
        coalesce(listed.is_followed, false) as is_followed,
        listed.followed_type_count,
        listed.monitored_type,
        listed.identified_month,
        listed.usable_from_date,
        listed.load_id,
        households.known_at,
        types.value as types_allowed,
        types.unit,
        types.threshold_id
    from households
    left join listed
        on households.household_key = listed.household_key and households.as_of_date = listed.as_of_date
    left join types
        on {{ in_force_on('types', 'households.as_of_date') }}
),

answered as (
    select
        *,
        case
            when not is_list_known then 'unknown'
            when not is_followed then 'not_applicable'
            else {{ status_of('(followed_type_count <> types_allowed)') }}
        end as status
    from judged
),

final as (
    select
        household_key,
        village_code,
        as_of_date,
        'R02' as rule_id,
        status,
        cast(case when is_followed then followed_type_count end as decimal(18, 6)) as observed_value,
        types_allowed as threshold_value,
        unit,
        threshold_id,
        {{ evidence_of({
            'clause': "'§2(1)'",
            'monitored_type': 'monitored_type',
            'type_count': 'followed_type_count',
            'identified_month': 'cast(identified_month as varchar)',
            'loads': 'load_id'
        }, caution="case when is_list_known then 'no_threshold_in_force' else 'monitored_list_missing' end") }} as evidence,
        usable_from_date,
        known_at
    from answered
)

select * from final
