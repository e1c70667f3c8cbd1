-- The regions of the configured prefectures in each edition: what lies in them, and the province above.
with register as (
    select * from {{ ref('stg_regions__register') }}
),

clock as (
    select * from {{ source('landing', 'run_clock') }}
),

-- A list that names no parent still says it by the code: two digits each, then three for township and village.
nested as (
    select
        *,
        coalesce(parent_code, rpad(case region_level
            when 'village' then left(region_code, 9)
            when 'township' then left(region_code, 6)
            when 'county' then left(region_code, 4)
            when 'prefecture' then left(region_code, 2)
        end, 12, '0')) as parent_region_code
    from register
),

placed as (
    select
        own.*,
        case own.region_level
            when 'county' then own.region_code
            when 'township' then own.parent_region_code
            when 'village' then above.parent_region_code
        end as county_code,
        case own.region_level
            when 'prefecture' then own.region_code
            when 'county' then own.parent_region_code
            when 'township' then above.parent_region_code
            when 'village' then above_that.parent_region_code
        end as prefecture_code
    from nested as own
    left join nested as above
        on own.parent_region_code = above.region_code and own.valid_year = above.valid_year
    left join nested as above_that
        on above.parent_region_code = above_that.region_code and above.valid_year = above_that.valid_year
),

provinces as (
    select distinct placed.valid_year, placed.parent_region_code as province_code
    from placed
    inner join clock on placed.region_code = clock.prefecture_code
),

editions as (
    select distinct valid_year, lead(valid_from_date) over (order by valid_year) as next_edition_date
    from (select distinct valid_year, valid_from_date from register) as years
),

final as (
    select
        placed.region_code,
        placed.valid_year,
        placed.region_name,
        placed.region_level,
        case when placed.region_level <> 'province' then placed.parent_region_code end as parent_code,
        placed.county_code,
        placed.prefecture_code,
        placed.valid_from_date,
        -- An edition holds until the next one.
        cast(editions.next_edition_date - interval 1 day as date) as valid_to_date,
        placed.usable_from_date,
        placed.load_id,
        placed.known_at
    from placed
    inner join editions on placed.valid_year = editions.valid_year
    left join clock on placed.prefecture_code = clock.prefecture_code
    left join provinces
        on placed.region_code = provinces.province_code and placed.valid_year = provinces.valid_year
    where clock.prefecture_code is not null or provinces.province_code is not null
)

select * from final
