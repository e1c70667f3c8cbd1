-- Households as each edition of the register has them, and the days on which that edition speaks for them.
{{ config(tags=['stage_2']) }}

with registrations as (
    select * from {{ ref('int_household__registrations') }}
),

final as (
    select
        household_key,
        edition_date,
        valid_from_date,
        valid_until_date,
        head_person_key,
        village_code,
        township_code,
        county_code,
        prefecture_code,
        villager_group,
        household_type,
        member_count,
        housing_grade,
        relocation_site_code,
        load_id,
        row_number as source_row_number,
        known_at
    from registrations
)

select * from final
