-- The regions as the division codes of each year have them.
{{ config(tags=['stage_2']) }}
with editions as (
    select * from {{ ref('int_region__editions') }}
),

final as (
    select
        region_code,
        valid_year,
        region_name,
        region_level,
        parent_code,
        county_code,
        prefecture_code,
        valid_from_date,
        valid_to_date,
        load_id,
        known_at
    from editions
)

select * from final
