-- How many vulnerable households (V) a region has, month by month, and how many households live on resettlement sites.
with households as (
    select * from {{ ref('int_household__monthly') }}
),

ancestors as (
    select * from {{ ref('int_region__ancestors') }}
),

by_township as (
    select
        township_code,
        as_of_date,
        count(*) as household_count,
        count(*) filter (where is_vulnerable) as vulnerable_household_count,
        count(relocation_site_code) as site_household_count,
        max(known_at) as known_at
    from households
    group by township_code, as_of_date
),

by_region as (
    select
        ancestors.ancestor_code as region_code,
        by_township.as_of_date,
        sum(by_township.household_count) as household_count,
        sum(by_township.vulnerable_household_count) as vulnerable_household_count,
        sum(by_township.site_household_count) as site_household_count,
        max(by_township.known_at) as known_at
    from by_township
    inner join ancestors on by_township.township_code = ancestors.region_code
    group by ancestors.ancestor_code, by_township.as_of_date
),

-- A month's count holds from the day for which it was made until the next one: no day looks ahead.
final as (
    select
        region_code,
        as_of_date,
        as_of_date as valid_from_date,
        coalesce(
            cast(lead(as_of_date) over (partition by region_code order by as_of_date) - interval 1 day as date),
            date '9999-12-31'
        ) as valid_to_date,
        cast(household_count as bigint) as household_count,
        cast(vulnerable_household_count as bigint) as vulnerable_household_count,
        cast(site_household_count as bigint) as site_household_count,
        known_at
    from by_region
)

select * from final
