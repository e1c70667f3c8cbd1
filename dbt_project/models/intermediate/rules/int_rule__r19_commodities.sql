-- R19, second part: a price counts for a region when enough of its vulnerable households live from the commodity. The
-- price is the nearest one that can be judged: the region's own, its county's, its prefecture's, its province's.
with regions as (
    select * from {{ ref('int_region__judged_daily') }}
),

exposed as (
    select * from {{ ref('int_price__exposed_monthly') }}
),

parameters as (
    select * from {{ ref('int_region__parameters_daily') }}
),

prices as (
    select * from {{ ref('int_rule__r19_nearest') }}
),

priced as (
    select distinct nearest_region_code, commodity from prices
),

nearest as (
    select
        ancestors.region_code, priced.commodity, priced.nearest_region_code,
        row_number() over (
            partition by ancestors.region_code, priced.commodity order by ancestors.distance, priced.nearest_region_code
        ) as nearness
    from {{ ref('int_region__ancestors') }} as ancestors
    inner join priced
        on ancestors.ancestor_code = priced.nearest_region_code
),

-- Households whose incomes are not known can only make it more; a share of a small V says nothing.
exposures as (
    select
        regions.region_code, regions.as_of_date, parameters.hysteresis_days,
        exposed.commodity, exposed.exposed_household_count, exposed.unknown_household_count,
        exposed.vulnerable_household_count, exposed.known_at,
        case
            when parameters.min_base is null or parameters.price_exposed_ratio is null then 'unknown'
            when exposed.vulnerable_household_count < parameters.min_base then 'below_min_base'
            when exposed.exposed_household_count
                >= parameters.price_exposed_ratio * exposed.vulnerable_household_count then 'exposed'
            when exposed.exposed_household_count + exposed.unknown_household_count
                >= parameters.price_exposed_ratio * exposed.vulnerable_household_count then 'unknown'
            else 'not_exposed'
        end as exposure
    from regions
    inner join exposed
        on
            regions.region_code = exposed.region_code
            and regions.as_of_date between exposed.valid_from_date and exposed.valid_to_date
    left join parameters on regions.as_of_date = parameters.as_of_date
),

measured as (
    select
        exposures.* exclude (commodity),
        exposures.commodity,
        prices.* exclude (as_of_date, commodity, nearest_region_code, status, raw_level, hold_level, level),
        nearest.nearest_region_code,
        case
            when exposure in ('not_exposed', 'below_min_base') or prices.status = 'not_applicable' then 'not_applicable'
            when prices.status = 'clear' then 'clear'
            when exposure = 'unknown' or prices.status is null or prices.status = 'unknown' then 'unknown'
            else prices.status
        end as raw_status,
        prices.raw_level as price_raw_level,
        prices.hold_level as price_hold_level
    from exposures
    left join nearest
        on
            exposures.region_code = nearest.region_code
            and exposures.commodity = nearest.commodity
            and nearest.nearness = 1
    left join prices
        on
            nearest.nearest_region_code = prices.nearest_region_code
            and exposures.commodity = prices.commodity
            and exposures.as_of_date = prices.as_of_date
),

levels as (
    select
        * exclude (price_raw_level, price_hold_level),
        case raw_status when 'unknown' then 'unknown' when 'raised' then price_raw_level else 'none' end as raw_level,
        case
            when raw_status = 'unknown' then 'unknown'
            when raw_status = 'not_applicable' or exposure <> 'exposed' then 'none'
            else price_hold_level
        end as hold_level
    from measured
),

held as (
    {{ hysteresis('levels', ['region_code', 'commodity'], 'as_of_date', 'hysteresis_days') }}
)

select * from held
