-- Households that entered the national list: the first list that shows them under an identification month.
with listings as (
    select
        household_key,
        identified_month,
        scope_region_code,
        min(period_end_date) as first_period_end_date,
        min(usable_from_date) as usable_from_date,
        min(village_code) as village_code
    from {{ ref('stg_national__monitored_persons') }}
    where monitored_type is not null
    group by household_key, identified_month, scope_region_code
),

first_lists as (
    -- whom a county's first list shows may have been on it for years
    select scope_region_code, min(period_end_date) as first_period_end_date
    from {{ ref('stg_landing__newest_loads') }}
    where table_name = 'national_monitored_export'
    group by scope_region_code
),

final as (
    select
        listings.household_key,
        listings.identified_month,
        listings.usable_from_date as included_date,
        listings.village_code,
        substring(listings.village_code, 1, 9) || '000' as township_code
    from listings
    inner join first_lists
        on listings.scope_region_code = first_lists.scope_region_code
    where listings.first_period_end_date > first_lists.first_period_end_date
)

select * from final
