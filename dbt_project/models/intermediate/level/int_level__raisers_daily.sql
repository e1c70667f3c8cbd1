-- Where children raised a region: which of the regions below stand at that level by their own keys, and what each says
-- first. A township of a county that is itself named is not named again.
with raised as (
    select region_code, as_of_date, level, {{ level_rank('level') }} as level_rank
    from {{ ref('int_level__raised_daily') }}
    where raised_by_children
),

regions as (
    select region_code, region_name, county_code from {{ ref('int_region__current') }}
),

below as (
    select
        raised.region_code, raised.as_of_date, raised.level,
        own.region_code as raiser_code, own.region_level as raiser_region_level, own.own_level as raiser_level,
        own.vulnerable_household_count, own.known_at
    from raised
    inner join {{ ref('int_region__ancestors') }} as ancestors
        on raised.region_code = ancestors.ancestor_code and ancestors.distance > 0
    inner join {{ ref('int_level__own_daily') }} as own
        on
            ancestors.region_code = own.region_code
            and raised.as_of_date = own.as_of_date
            and raised.level_rank <= {{ level_rank('own.own_level') }}
),

named as (
    select below.*, regions.region_name as raiser_name
    from below
    inner join regions on below.raiser_code = regions.region_code
    left join below as county
        on
            below.region_code = county.region_code
            and below.as_of_date = county.as_of_date
            and below.raiser_region_level = 'township'
            and regions.county_code = county.raiser_code
    where county.raiser_code is null
),

final as (
    select
        named.region_code, named.as_of_date, named.level, named.raiser_code, named.raiser_name, named.raiser_level,
        named.vulnerable_household_count, named.known_at,
        count(*) over (partition by named.region_code, named.as_of_date) as raiser_count,
        row_number() over (
            partition by named.region_code, named.as_of_date
            order by
                {{ level_rank('named.raiser_level') }} desc,
                named.vulnerable_household_count desc nulls last,
                named.raiser_code
        ) as raiser_order,
        levels.level_zh as raiser_level_zh,
        drivers.text_zh
    from named
    inner join {{ ref('levels') }} as levels on named.raiser_level = levels.level
    left join {{ ref('int_level__drivers_daily') }} as drivers
        on
            named.raiser_code = drivers.region_code
            and named.as_of_date = drivers.as_of_date
            and drivers.driver_order = 1
)

select * from final
