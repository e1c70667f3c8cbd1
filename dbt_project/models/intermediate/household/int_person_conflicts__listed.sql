-- What contradicts itself about persons and households, for people to look at: nothing is merged or dropped. One number
-- with two names may be two persons, or one who changed the name; two numbers of one name, a mended number.
with sighted as (
    select * from {{ ref('int_person__sighted') }}
),

resolved as (
    select * from {{ ref('int_person__resolved') }}
),

members as (
    select * from {{ ref('int_household__members') }}
),

registrations as (
    select * from {{ ref('int_household__registrations') }}
),

one_id_two_names as (
    select
        'one_id_two_names' as conflict_kind, person_key, cast(null as varchar) as household_key,
        string_agg(distinct name_birth_key, ',' order by name_birth_key) as candidate_keys,
        min(first_told_date) as first_told_date, max(last_told_date) as last_told_date
    from sighted
    where person_key is not null and name_birth_key is not null
    group by person_key
    having count(distinct name_birth_key) > 1
),

one_name_two_ids as (
    select
        'one_name_two_ids' as conflict_kind, cast(null as varchar) as person_key, household_key,
        string_agg(distinct person_key, ',' order by person_key) as candidate_keys,
        min(first_told_date) as first_told_date, max(last_told_date) as last_told_date
    from sighted
    where person_key is not null and name_birth_key is not null and household_key is not null
    group by household_key, name_birth_key
    having count(distinct person_key) > 1
),

one_person_two_households as (
    select
        'one_person_two_households' as conflict_kind, own.person_key, own.household_key,
        string_agg(distinct other.household_key, ',' order by other.household_key) as candidate_keys,
        min(greatest(own.valid_from_date, other.valid_from_date)) as first_told_date,
        max(least(own.valid_until_date, other.valid_until_date)) as last_told_date
    from members as own
    inner join members as other
        on
            own.person_key = other.person_key and own.household_key <> other.household_key
            and own.valid_from_date < other.valid_until_date and own.valid_until_date > other.valid_from_date
    group by own.person_key, own.household_key
),

nobody_or_several as (
    select
        basis as conflict_kind, cast(null as varchar) as person_key, source_household_key as household_key,
        name_birth_key as candidate_keys,
        min(first_told_date) as first_told_date, max(last_told_date) as last_told_date
    from resolved
    where basis in ('several_candidates', 'household_differs')
    group by basis, source_household_key, name_birth_key
),

-- Households whose members have been told: where that list is missing, nothing can be said of the head.
told as (
    select distinct household_key
    from members
),

household_without_head as (
    select
        'household_without_head' as conflict_kind, cast(null as varchar) as person_key, registrations.household_key,
        registrations.head_person_key as candidate_keys,
        min(registrations.valid_from_date) as first_told_date, max(registrations.valid_until_date) as last_told_date
    from registrations
    inner join told on registrations.household_key = told.household_key
    left join members
        on
            registrations.household_key = members.household_key
            and registrations.head_person_key = members.person_key
            and registrations.valid_from_date < members.valid_until_date
            and registrations.valid_until_date > members.valid_from_date
    where members.person_key is null
    group by registrations.household_key, registrations.head_person_key
),

final as (
    select * from one_id_two_names
    union all
    select * from one_name_two_ids
    union all
    select * from one_person_two_households
    union all
    select * from nobody_or_several
    union all
    select * from household_without_head
)

select * from final
