{#
    Household members as each edition of the register has them, and the days on which that edition speaks for them: until
    the household's next one, or until a later edition lists the person elsewhere. No names, no health.
#}
{{ config(tags=['stage_2']) }}

with persons as (
    select * from {{ ref('stg_register__persons') }}
),

compositions as (
    select * from {{ ref('int_household__compositions') }}
),

-- Nearly everybody stays with the household, whose next edition ends this one: only those who are listed in a second
-- household are followed by themselves.
moved as (
    select person_key
    from persons
    group by person_key
    having min(household_key) <> max(household_key)
),

person_editions as (
    select persons.person_key, persons.edition_date, min(persons.usable_from_date) as usable_from_date
    from persons
    inner join moved
        on persons.person_key = moved.person_key
    group by persons.person_key, persons.edition_date
),

listed_again as (
    select
        person_key,
        edition_date,
        min(usable_from_date) over (
            partition by person_key order by edition_date rows between 1 following and unbounded following
        ) as listed_again_date
    from person_editions
),

final as (
    select
        persons.person_key,
        persons.household_key,
        persons.edition_date,
        compositions.valid_from_date,
        -- an edition that is superseded before it speaks has no days
        case
            when compositions.valid_from_date is not null
                then
                    greatest(
                        compositions.valid_from_date,
                        least(compositions.valid_until_date, listed_again.listed_again_date, date '9999-12-31')
                    )
        end as valid_until_date,
        persons.relation_text as relation_to_head_zh,
        persons.labour_skill,
        persons.student_status as student_status_zh,
        persons.person_status,
        persons.usable_from_date,
        persons.load_id,
        persons.row_number as source_row_number,
        persons.known_at
    from persons
    left join compositions
        on
            persons.household_key = compositions.household_key
            and persons.scope_region_code = compositions.scope_region_code
            and persons.edition_date = compositions.edition_date
    left join listed_again
        on persons.person_key = listed_again.person_key and persons.edition_date = listed_again.edition_date
)

select * from final
