-- Whom to call about a household on the run's day: its helper by the list in force, and the keeper of its grid by the
-- newest list of keepers. Keys only; where a list names several, the one longest in office.
with judged as (
    select max(as_of_date) as as_of_date from {{ source('landing', 'run_clock') }}
),

households as (
    select registrations.household_key, registrations.village_code, registrations.grid_code, judged.as_of_date
    from {{ ref('int_household__registrations') }} as registrations
    cross join judged
    where judged.as_of_date >= registrations.valid_from_date and judged.as_of_date < registrations.valid_until_date
),

helpers as (
    select
        terms.household_key,
        min_by(terms.helper_person_key, (terms.from_date, terms.helper_person_key)) as helper_person_key
    from {{ ref('int_help__helper_terms_monthly') }} as terms
    inner join judged on terms.as_of_date = judged.as_of_date
    where judged.as_of_date >= terms.from_date and (terms.to_date is null or judged.as_of_date <= terms.to_date)
    group by terms.household_key
),

-- By village the newest list that was there: a grid that it does not name has no keeper, whatever an older one said.
villages as (
    select distinct village_code, as_of_date from households
),

ranked_lists as (
    select
        villages.village_code, loads.load_id,
        row_number() over (
            partition by villages.village_code
            order by loads.period_end_date desc, loads.scope_region_code desc, loads.load_id asc
        ) as newness
    from villages
    inner join {{ ref('stg_landing__newest_loads') }} as loads
        on
            loads.table_name = 'grid_keepers' and villages.as_of_date >= loads.usable_from_date
            and {{ scope_holds('loads.scope_region_code', 'villages.village_code') }}
),

keepers as (
    select
        ranked_lists.village_code, listed.grid_code,
        min_by(listed.keeper_person_key, (listed.from_date, listed.keeper_person_key)) as keeper_person_key
    from ranked_lists
    inner join {{ ref('stg_townships__grid_keepers') }} as listed on ranked_lists.load_id = listed.load_id
    cross join judged
    where
        ranked_lists.newness = 1
        and judged.as_of_date >= listed.from_date
        and (listed.to_date is null or judged.as_of_date <= listed.to_date)
    group by ranked_lists.village_code, listed.grid_code
),

final as (
    select
        households.household_key,
        households.grid_code,
        helpers.helper_person_key,
        keepers.keeper_person_key
    from households
    left join helpers on households.household_key = helpers.household_key
    left join keepers
        on households.village_code = keepers.village_code and households.grid_code = keepers.grid_code
)

select * from final
