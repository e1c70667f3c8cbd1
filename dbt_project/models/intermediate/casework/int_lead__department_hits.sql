{#
    §3(1) 部门筛查预警: the rows of a department's list for which every condition of a trigger holds, brought to the
    household that the register in force on that day shows for the person, else to the household that the row names.
    Who belongs to no registered household is kept, without a household: somebody must still be able to count them.
#}
with met as (
    select * from {{ ref('int_lead__conditions_met') }}
),

members as (
    select * from {{ ref('int_household__members') }}
),

registrations as (
    select * from {{ ref('int_household__registrations') }}
),

triggers as (
    select distinct trigger_id, valid_from_date, valid_to_date, applies_to, risk_code, reason_zh
    from {{ ref('int_lead__conditions_in_force') }}
),

hits as (
    select
        source, load_id, row_number, trigger_id, scope_region_code, person_key, household_key, told_date, usable_date,
        is_first_list,
        max(observed_value) as observed_value,
        max(known_at) as known_at
    from met
    group by
        source, load_id, row_number, trigger_id, scope_region_code, person_key, household_key, told_date, usable_date,
        is_first_list
    having count(*) = max(condition_count)
),

placed as (
    -- a person listed in two households at once (R01) counts in one of them, always the same
    select
        hits.source, hits.load_id, hits.row_number, hits.trigger_id,
        min(members.household_key) as member_household_key
    from hits
    inner join members
        on
            hits.person_key = members.person_key
            and hits.usable_date >= members.valid_from_date and hits.usable_date < members.valid_until_date
    group by hits.source, hits.load_id, hits.row_number, hits.trigger_id
),

named as (
    select
        hits.*,
        placed.member_household_key is not null as is_from_register,
        coalesce(placed.member_household_key, hits.household_key) as named_household_key
    from hits
    left join placed
        on
            hits.source = placed.source and hits.load_id = placed.load_id
            and hits.row_number = placed.row_number and hits.trigger_id = placed.trigger_id
),

final as (
    select
        named.source,
        named.trigger_id,
        registrations.household_key,
        named.person_key,
        case
            when registrations.household_key is null then 'none'
            when named.is_from_register then 'register'
            else 'delivery'
        end as placed_by,
        registrations.village_code,
        named.scope_region_code,
        named.told_date,
        named.usable_date as signal_date,
        named.is_first_list,
        triggers.risk_code,
        triggers.reason_zh,
        named.observed_value,
        named.load_id,
        named.row_number,
        named.known_at
    from named
    inner join triggers
        on
            named.trigger_id = triggers.trigger_id
            and named.told_date >= triggers.valid_from_date and named.told_date <= triggers.valid_to_date
    left join registrations
        on
            named.named_household_key = registrations.household_key
            and named.usable_date >= registrations.valid_from_date
            and named.usable_date < registrations.valid_until_date
    where
        triggers.applies_to = 'all'
        or registrations.household_type is null
        or (triggers.applies_to = 'lifted_out') = (registrations.household_type = 'lifted_out')
)

select * from final
