-- How many vulnerable households live from a commodity, so that its price can hurt the region (R19).
with households as (
    select * from {{ ref('int_household__monthly') }}
    where is_vulnerable
),

commodities as (
    select distinct commodity, livelihood_column, livelihood_share
    from {{ ref('commodities') }}
),

ancestors as (
    select * from {{ ref('int_region__ancestors') }}
),

incomes as (
    select
        households.township_code,
        households.as_of_date,
        households.net_income_cny,
        households.known_at,
        commodities.commodity,
        {{ commodity_income('households', 'commodities') }} as commodity_income_cny,
        touched.value as touched_income_share
    from households
    cross join commodities
    left join {{ thresholds_of('touched_income_share') }} as touched
        on {{ in_force_on('touched', 'households.as_of_date') }}
),

-- Compared by multiplication. With no net income left, any income from the commodity is a share above every threshold.
by_township as (
    select
        township_code,
        as_of_date,
        commodity,
        count(*) as vulnerable_household_count,
        count(*) filter (
            where commodity_income_cny > 0 and commodity_income_cny >= touched_income_share * net_income_cny
        ) as exposed_household_count,
        count(*) filter (
            where commodity_income_cny is null or net_income_cny is null or touched_income_share is null
        ) as unknown_household_count,
        max(known_at) as known_at
    from incomes
    group by township_code, as_of_date, commodity
),

by_region as (
    select
        ancestors.ancestor_code as region_code,
        by_township.as_of_date,
        by_township.commodity,
        cast(sum(by_township.vulnerable_household_count) as bigint) as vulnerable_household_count,
        cast(sum(by_township.exposed_household_count) as bigint) as exposed_household_count,
        cast(sum(by_township.unknown_household_count) as bigint) as unknown_household_count,
        max(by_township.known_at) as known_at
    from by_township
    inner join ancestors on by_township.township_code = ancestors.region_code
    group by ancestors.ancestor_code, by_township.as_of_date, by_township.commodity
),

final as (
    select
        *,
        as_of_date as valid_from_date,
        coalesce(
            cast(
                lead(as_of_date) over (partition by region_code, commodity order by as_of_date) - interval 1 day as date
            ),
            date '9999-12-31'
        ) as valid_to_date
    from by_region
)

select * from final
