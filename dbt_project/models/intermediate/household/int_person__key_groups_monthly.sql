{#
    §2(1), R08: persons of a key group by the lists in force on the day judged, in the household that counts them then.
    A disabled elder in destitute care is all three: in care (特困供养), old, and unable (a severe certificate, or no
    labour left by the register); what of it nobody told stays unknown.
#}
with lists as (
    select * from {{ ref('int_household__key_group_lists') }}
    where is_recent
),

placed as (
    select
        lists.as_of_date,
        lists.usable_from_date,
        coalesce(members.household_key, listed.household_key) as household_key,
        coalesce(listed.person_key, listed.name_birth_key) as person_key,
        coalesce(members.birth_month, listed.birth_month) as birth_month,
        members.labour_skill,
        listed.* exclude (load_id, household_key, person_key, name_birth_key, birth_month),
        disability_lists.load_id is not null as is_disability_known
    from {{ ref('int_person__listed_conditions') }} as listed
    inner join lists
        on listed.load_id = lists.load_id
    left join lists as disability_lists
        on
            lists.as_of_date = disability_lists.as_of_date and lists.county_code = disability_lists.county_code
            and disability_lists.table_name = 'disabled'
    left join {{ ref('int_household__members') }} as members
        on
            listed.person_key = members.person_key and lists.county_code = members.county_code
            and lists.as_of_date >= members.valid_from_date and lists.as_of_date < members.valid_until_date
    where coalesce(members.is_present, true)
),

persons as (
    select
        placed.household_key,
        placed.person_key,
        placed.as_of_date,
        max(placed.birth_month) as birth_month,
        coalesce(bool_or(placed.labour_skill = 'lost'), false) as has_lost_labour,
        bool_or(placed.is_disability_known) as is_disability_known,
        {{ known_any('placed.is_seriously_ill') }} as is_seriously_ill,
        {{ known_any('placed.is_chronically_ill') }} as is_chronically_ill,
        {{ known_any('placed.has_certificate and placed.disability_level <= severe.value') }} as is_severely_disabled,
        bool_or(placed.is_in_care) as is_in_care,
        max(placed.usable_from_date) as usable_from_date
    from placed
    left join {{ thresholds_of('severe_disability_level') }} as severe
        on {{ in_force_on('severe', 'placed.as_of_date') }}
    where placed.household_key is not null
    group by placed.household_key, placed.person_key, placed.as_of_date
),

final as (
    select
        persons.household_key,
        persons.person_key,
        persons.as_of_date,
        persons.is_seriously_ill,
        persons.is_chronically_ill,
        persons.is_severely_disabled,
        -- months of twelve to a year: an age is compared by multiplication
        persons.is_in_care
        and {{ months_between('persons.birth_month', 'persons.as_of_date') }} >= elder_age.value * 12
        and (
            persons.has_lost_labour or persons.is_severely_disabled
            or case when persons.is_disability_known then false end
        ) as is_disabled_destitute_elder,
        persons.usable_from_date
    from persons
    left join {{ thresholds_of('elder_age') }} as elder_age
        on {{ in_force_on('elder_age', 'persons.as_of_date') }}
)

select * from final
