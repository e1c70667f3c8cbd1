{#
    How long each register row speaks for its household: until the county's next edition can be used, or until a later
    edition elsewhere lists the household. A household left out of the newest edition therefore ends with it.
#}
with households as (
    select * from {{ ref('stg_register__households') }}
),

editions as (
    select distinct
        scope_region_code,
        edition_date,
        usable_from_date
    from households
),

edition_ends as (
    select
        scope_region_code,
        edition_date,
        min(usable_from_date) over (
            partition by scope_region_code order by edition_date
            rows between 1 following and unbounded following
        ) as superseded_date
    from editions
),

-- Nearly every household stays with its county, and there its next row is the next edition's.
moved as (
    select household_key
    from households
    group by household_key
    having min(scope_region_code) <> max(scope_region_code)
),

listed_again as (
    select
        households.load_id,
        households.row_number,
        min(households.usable_from_date) over (
            partition by households.household_key
            order by households.edition_date, households.usable_from_date, households.load_id, households.row_number
            rows between 1 following and unbounded following
        ) as listed_again_date
    from households
    inner join moved
        on households.household_key = moved.household_key
),

spoken_for as (
    select
        households.*,
        edition_ends.superseded_date,
        listed_again.listed_again_date
    from households
    inner join edition_ends
        on
            households.scope_region_code = edition_ends.scope_region_code
            and households.edition_date = edition_ends.edition_date
    left join listed_again
        on households.load_id = listed_again.load_id and households.row_number = listed_again.row_number
),

final as (
    select
        spoken_for.* exclude (superseded_date, listed_again_date),
        substring(spoken_for.village_code, 1, 9) || '000' as township_code,
        substring(spoken_for.village_code, 1, 6) || '000000' as county_code,
        substring(spoken_for.village_code, 1, 4) || '00000000' as prefecture_code,
        spoken_for.usable_from_date as valid_from_date,
        least(spoken_for.superseded_date, spoken_for.listed_again_date, date '9999-12-31') as valid_until_date
    from spoken_for
)

select * from final
where valid_from_date < valid_until_date
