{#
    §2(1) 以家庭为单位: has the household exactly one head, and is none of its members in another active household of the
    same edition? Members whose relation nobody told may be heads; what is known to be wrong outweighs them.
#}
{{ config(materialized='view') }}

with households as (
    select * from {{ ref('int_household__monthly') }}
),

months as (
    select as_of_date from {{ ref('int_household__judged_months') }}
),

shared as (
    select
        spans.household_key,
        months.as_of_date,
        cast(count(distinct spans.person_key) as integer) as shared_member_count
    from {{ ref('int_household__shared_members') }} as spans
    inner join months
        on spans.valid_from_date <= months.as_of_date and spans.valid_until_date > months.as_of_date
    group by spans.household_key, months.as_of_date
),

counted as (
    select
        households.*,
        heads.value as heads_allowed,
        heads.threshold_id as heads_id,
        homes.value as homes_allowed,
        homes.threshold_id as homes_id,
        coalesce(shared.shared_member_count, 0) as shared_member_count,
        -- a member whom the edition counts more than once stands in two households at least
        case when shared.household_key is not null then 2 else 1 end as household_count
    from households
    left join shared
        on households.household_key = shared.household_key and households.as_of_date = shared.as_of_date
    left join {{ thresholds_of('heads_per_household') }} as heads
        on {{ in_force_on('heads', 'households.as_of_date') }}
    left join {{ thresholds_of('households_per_person') }} as homes
        on {{ in_force_on('homes', 'households.as_of_date') }}
),

judged as (
    select
        *,
        household_count > homes_allowed as is_shared,
        case
            when head_count > heads_allowed then false
            when unknown_relation_count = 0 then head_count = heads_allowed
        end as is_headed
    from counted
),

answered as (
    select
        *,
        is_shared and coalesce(is_headed, true) as is_about_homes,
        {{ status_of('(is_shared or not is_headed)') }} as status
    from judged
),

final as (
    select
        household_key,
        village_code,
        as_of_date,
        'R01' as rule_id,
        status,
        cast(case when is_about_homes then household_count else head_count end as decimal(18, 6)) as observed_value,
        case when is_about_homes then homes_allowed else heads_allowed end as threshold_value,
        case when is_about_homes then 'households' else 'heads' end as unit,
        case when is_about_homes then homes_id else heads_id end as threshold_id,
        {{ evidence_of({
            'clause': "'§2(1)'",
            'head_count': 'head_count',
            'present_count': 'present_count',
            'shared_member_count': 'shared_member_count',
            'loads': 'source_load_ids'
        }, caution="'members_unknown'") }} as evidence,
        register_usable_from_date as usable_from_date,
        known_at
    from answered
)

select * from final
