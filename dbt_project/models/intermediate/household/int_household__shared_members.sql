-- Members whom two active households of one edition both count, for the days on which both speak. Whoever leaves one
-- household for another stands in two editions, not in two households of one.
with members as (
    select * from {{ ref('int_household__members') }}
    where is_present
),

-- Few persons are ever listed in a second household: only they are compared edition by edition.
repeated as (
    select person_key
    from members
    group by person_key
    having min(household_key) <> max(household_key)
),

candidates as (
    select members.*
    from members
    inner join repeated
        on members.person_key = repeated.person_key
),

final as (
    select distinct
        own.household_key,
        own.person_key,
        greatest(own.valid_from_date, other.valid_from_date) as valid_from_date,
        least(own.valid_until_date, other.valid_until_date) as valid_until_date
    from candidates as own
    inner join candidates as other
        on
            own.person_key = other.person_key and own.edition_date = other.edition_date
            and own.household_key <> other.household_key
            and own.valid_from_date < other.valid_until_date and own.valid_until_date > other.valid_from_date
)

select * from final
