-- Weekly hog and maize prices by region, from both layouts in which they arrive. A week that was sent again with other
-- figures counts with its newest ones; it was usable from its first arrival.
with by_region as (
    {{ known_rows('hog_grain_weekly') }}
),

by_province as (
    {{ known_rows('hog_price_provincial_weekly') }}
),

both_layouts as (
    select
        region_code,
        price_year,
        week_number,
        published_date as week_end_date,
        hog_price_cny_per_kg,
        maize_price_cny_per_kg,
        usable_from_date,
        load_id,
        row_number,
        known_at
    from by_region
    union all
    select
        region_code,
        price_year,
        week_number,
        -- The source counts weeks from 1 January and cuts the last one off at 31 December.
        least(
            cast(make_date(price_year, 1, 1) + to_days(cast(7 * week_number - 1 as integer)) as date),
            make_date(price_year, 12, 31)
        ) as week_end_date,
        hog_price_cny_per_kg,
        cast(null as decimal(12, 4)) as maize_price_cny_per_kg,
        usable_from_date,
        load_id,
        row_number,
        known_at
    from by_province
),

ranked as (
    select
        *,
        min(usable_from_date) over (partition by region_code, price_year, week_number) as first_usable_date,
        row_number() over (
            partition by region_code, price_year, week_number
            order by known_at desc, load_id desc, row_number desc
        ) as newest_first
    from both_layouts
),

final as (
    select
        region_code,
        price_year,
        week_number,
        week_end_date,
        hog_price_cny_per_kg,
        maize_price_cny_per_kg,
        greatest(first_usable_date, week_end_date) as usable_from_date,
        load_id,
        known_at
    from ranked
    where newest_first = 1
)

select * from final
