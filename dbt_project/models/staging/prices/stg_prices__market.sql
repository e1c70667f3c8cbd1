-- Daily market quotes in yuan per kg. A quote that cannot be a price stays in sight with its reason, and out of means.
with source as (
    {{ known_rows('prices_market') }}
),

ranked as (
    select
        *,
        min(usable_from_date) over (partition by row_hash) as first_usable_date,
        row_number() over (partition by row_hash order by known_at, load_id, row_number) as earliest_first
    from source
),

per_kg as (
    select
        *,
        -- 1 jin is half a kilogram; a box or a piece has no weight.
        case unit_text when '斤' then 2 when '公斤' then 1 when '吨' then 0.001 end as units_per_kg
    from ranked
    where earliest_first = 1
),

final as (
    select
        region_code,
        market_name,
        product_name,
        specification,
        quoted_date,
        cast(average_price * units_per_kg as decimal(12, 4)) as price_cny_per_kg,
        case
            when average_price <= 0 or low_price <= 0 or high_price <= 0 then 'price_not_positive'
            when average_price < low_price or average_price > high_price then 'average_outside_low_high'
            when units_per_kg is null then 'unit_without_weight'
            when region_code is null then 'market_without_region'
        end as exclusion_reason,
        greatest(first_usable_date, quoted_date) as usable_from_date,
        load_id,
        row_number,
        known_at
    from per_kg
)

select * from final
