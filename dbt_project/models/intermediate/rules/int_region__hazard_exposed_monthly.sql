-- Exposure to each hazard in force, rolled up from the village to every region that holds it.
with by_village as (
    select * from {{ ref('int_hazard__touched_monthly') }}
),

ancestors as (
    select * from {{ ref('int_region__ancestors') }}
),

-- A household counts for its township also where its village is not in the register.
placed as (
    select by_village.*, by_village.village_code as region_code
    from by_village
    union all
    select by_village.*, ancestors.ancestor_code as region_code
    from by_village
    inner join ancestors on by_village.township_code = ancestors.region_code
),

final as (
    select
        region_code,
        hazard_code,
        hazard_month,
        as_of_date,
        cast(sum(household_count) as bigint) as household_count,
        cast(sum(exposed_household_count) as bigint) as exposed_household_count,
        cast(sum(unknown_household_count) as bigint) as unknown_household_count,
        cast(sum(vulnerable_household_count) as bigint) as vulnerable_household_count,
        cast(sum(exposed_vulnerable_count) as bigint) as exposed_vulnerable_count,
        cast(sum(unknown_vulnerable_count) as bigint) as unknown_vulnerable_count
    from placed
    where region_code is not null
    group by region_code, hazard_code, hazard_month, as_of_date
)

select * from final
