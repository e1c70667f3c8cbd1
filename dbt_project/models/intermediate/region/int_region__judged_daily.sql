-- The table every regional rule starts from, so that no region and no day can drop out of it.
with regions as (
    select * from {{ ref('int_region__current') }}
    where region_level in ('prefecture', 'county', 'township')
),

days as (
    {{ day_spine() }}
),

final as (
    select
        regions.region_code,
        regions.region_level,
        regions.county_code,
        regions.prefecture_code,
        days.as_of_date
    from regions
    cross join days
)

select * from final
