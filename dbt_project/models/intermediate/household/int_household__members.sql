-- Who belongs to which household of which county, and for how long both registers say so.
with persons as (
    select * from {{ ref('stg_register__persons') }}
),

compositions as (
    select * from {{ ref('int_household__compositions') }}
),

registrations as (
    select * from {{ ref('int_household__registrations') }}
),

households as (
    select
        compositions.household_key,
        compositions.scope_region_code,
        compositions.edition_date,
        registrations.county_code,
        greatest(compositions.valid_from_date, registrations.valid_from_date) as valid_from_date,
        least(compositions.valid_until_date, registrations.valid_until_date) as valid_until_date
    from compositions
    inner join registrations
        on
            compositions.household_key = registrations.household_key
            and compositions.valid_from_date < registrations.valid_until_date
            and compositions.valid_until_date > registrations.valid_from_date
),

final as (
    select
        persons.person_key,
        households.household_key,
        households.county_code,
        households.edition_date,
        persons.labour_skill,
        persons.birth_month,
        coalesce(persons.person_status = 'present', true) as is_present,
        households.valid_from_date,
        households.valid_until_date
    from persons
    inner join households
        on
            persons.household_key = households.household_key
            and persons.scope_region_code = households.scope_region_code
            and persons.edition_date = households.edition_date
)

select * from final
