-- What contradicts itself about persons and households, for people to look at: nothing is merged or dropped. One number
-- with two names may be two persons, or one who changed the name; two numbers of one name, a mended number. Where a
-- household's members were never told, nothing can be said of its head.
{%- set conflicts = ['one_id_two_names', 'one_name_two_ids', 'one_person_two_households', 'nobody_or_several',
    'household_without_head'] %}
{%- set told_span = 'min(told_date) as first_told_date, max(told_date) as last_told_date' %}
with sighted as (
    select told.*
    from {{ ref('int_person__sighted') }} as told
    inner join {{ ref('int_person__lists_speaking') }} as speaking
        on told.load_id = speaking.load_id
    where told.person_key is not null and told.name_birth_key is not null
),

members as (select * from {{ ref('int_household__members') }}),

-- Nearly everybody agrees with themselves: lists are made only of those who do not.
two_named as (
    select person_key
    from sighted
    group by person_key
    having min(name_birth_key) <> max(name_birth_key)
),

one_id_two_names as (
    select
        'one_id_two_names' as conflict_kind, person_key, cast(null as varchar) as household_key,
        string_agg(distinct name_birth_key, ',' order by name_birth_key) as candidate_keys,
        {{ told_span }}
    from sighted
    inner join two_named using (person_key)
    group by person_key
),

one_name_two_ids as (
    select
        'one_name_two_ids' as conflict_kind, cast(null as varchar) as person_key, household_key,
        string_agg(distinct person_key, ',' order by person_key) as candidate_keys,
        {{ told_span }}
    from sighted
    where household_key is not null
    group by household_key, name_birth_key
    having min(person_key) <> max(person_key)
),

two_housed as (
    select person_key
    from members
    group by person_key
    having min(household_key) <> max(household_key)
),

one_person_two_households as (
    select
        'one_person_two_households' as conflict_kind, own.person_key, own.household_key,
        string_agg(distinct other.household_key, ',' order by other.household_key) as candidate_keys,
        min(greatest(own.valid_from_date, other.valid_from_date)) as first_told_date,
        max(least(own.valid_until_date, other.valid_until_date)) as last_told_date
    from members as own
    inner join two_housed on own.person_key = two_housed.person_key
    inner join members as other
        on own.person_key = other.person_key and own.household_key <> other.household_key
            and own.valid_from_date < other.valid_until_date and own.valid_until_date > other.valid_from_date
    group by own.person_key, own.household_key
),

nobody_or_several as (
    select
        basis as conflict_kind, cast(null as varchar) as person_key, source_household_key as household_key,
        name_birth_key as candidate_keys, min(first_told_date) as first_told_date, max(last_told_date) as last_told_date
    from {{ ref('int_person__resolved') }}
    where basis in ('several_candidates', 'household_differs')
    group by basis, source_household_key, name_birth_key
),

household_without_head as (
    select
        'household_without_head' as conflict_kind, cast(null as varchar) as person_key,
        registrations.household_key, registrations.head_person_key as candidate_keys,
        min(registrations.valid_from_date) as first_told_date, max(registrations.valid_until_date) as last_told_date
    from {{ ref('int_household__registrations') }} as registrations
    left join members
        on
            registrations.household_key = members.household_key
            and registrations.head_person_key = members.person_key
            and registrations.valid_from_date < members.valid_until_date
            and registrations.valid_until_date > members.valid_from_date
    where members.person_key is null and registrations.household_key in (select told.household_key from members as told)
    group by registrations.household_key, registrations.head_person_key
),

final as (
    {%- for kind in conflicts %}
        select * from {{ kind }}
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select * from final
