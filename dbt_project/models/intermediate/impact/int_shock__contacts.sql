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

newest_lists as (
    select grid_code, max(period_end_date) as period_end_date
    from {{ ref('stg_townships__grid_keepers') }}
    group by grid_code
),

keepers as (
    select
        listed.grid_code,
        min_by(listed.keeper_person_key, (listed.from_date, listed.keeper_person_key)) as keeper_person_key
    from {{ ref('stg_townships__grid_keepers') }} as listed
    inner join newest_lists
        on listed.grid_code = newest_lists.grid_code and listed.period_end_date = newest_lists.period_end_date
    cross join judged
    where
        judged.as_of_date >= listed.usable_from_date
        and judged.as_of_date >= listed.from_date
        and (listed.to_date is null or judged.as_of_date <= listed.to_date)
    group by listed.grid_code
),

final as (
    select
        households.household_key,
        households.grid_code,
        helpers.helper_person_key,
        keepers.keeper_person_key
    from households
    left join helpers on households.household_key = helpers.household_key
    left join keepers on households.grid_code = keepers.grid_code
)

select * from final
