-- History is kept whole: every household and member that an edition tells stands in its dimension, once; and no
-- household, and nobody outside a household shared within one edition, has two rows that speak on one day.
with lost_households as (
    select 'household lost' as what, household_key as key
    from {{ ref('stg_register__households') }}
    except
    select 'household lost' as what, household_key as key
    from {{ ref('dim_household') }}
),

persons_told as (
    select person_key, household_key, edition_date, load_id, row_number
    from {{ ref('stg_register__persons') }}
),

persons_kept as (
    select person_key, household_key, edition_date, load_id, source_row_number as row_number
    from {{ ref('dim_person') }}
),

lost_persons as (
    select * from persons_told
    except all
    select * from persons_kept
),

added_persons as (
    select * from persons_kept
    except all
    select * from persons_told
),

household_ends as (
    select
        household_key,
        valid_until_date,
        lead(valid_from_date) over (
            partition by household_key order by valid_from_date, valid_until_date
        ) as next_from_date
    from {{ ref('dim_household') }}
),

person_ends as (
    select
        person_key, household_key, valid_until_date, edition_date,
        lead(valid_from_date) over spans as next_from_date,
        lead(edition_date) over spans as next_edition_date
    from {{ ref('dim_person') }}
    where valid_from_date < valid_until_date
    window spans as (partition by person_key order by valid_from_date, valid_until_date, household_key)
)

select * from lost_households
union all
select 'person lost' as what, person_key as key from lost_persons
union all
select 'person doubled' as what, person_key as key from added_persons
union all
select 'household speaks twice' as what, household_key as key from household_ends
where next_from_date < valid_until_date
union all
select 'person speaks twice' as what, person_key as key from person_ends
where next_from_date < valid_until_date and next_edition_date <> edition_date
