-- What a commodity fetched, week by week, where it is priced; a prefecture whose own price nobody tells gets the
-- mean of its markets. The hog price carries the maize price of its week, for the official ladder.
with hog_grain as (
    select * from {{ ref('stg_prices__hog_grain') }}
),

quoted as (
    select * from {{ ref('int_price__quoted_weekly') }}
),

regions as (
    select * from {{ ref('int_region__current') }}
),

weekly_feed as (
    select
        region_code,
        'hog' as commodity,
        price_year,
        week_number,
        week_end_date,
        hog_price_cny_per_kg as price_cny_per_kg,
        maize_price_cny_per_kg as grain_price_cny_per_kg,
        1 as quote_count,
        usable_from_date,
        known_at
    from hog_grain
    union all
    select
        region_code,
        'maize' as commodity,
        price_year,
        week_number,
        week_end_date,
        maize_price_cny_per_kg as price_cny_per_kg,
        null as grain_price_cny_per_kg,
        1 as quote_count,
        usable_from_date,
        known_at
    from hog_grain
    where maize_price_cny_per_kg is not null
),

on_record as (
    select distinct region_code, commodity from weekly_feed
),

-- Where both sources price the same commodity for one region, the weekly feed is the price of record.
own_series as (
    select * from weekly_feed
    union all
    select quoted.*
    from quoted
    left join on_record
        on quoted.region_code = on_record.region_code and quoted.commodity = on_record.commodity
    where on_record.region_code is null
),

has_own as (
    select distinct region_code, commodity from own_series
),

pooled as (
    select
        regions.prefecture_code as region_code,
        own_series.commodity,
        own_series.price_year,
        own_series.week_number,
        max(own_series.week_end_date) as week_end_date,
        cast(sum(own_series.price_cny_per_kg) / count(own_series.price_cny_per_kg) as decimal(12, 4))
            as price_cny_per_kg,
        cast(null as decimal(12, 4)) as grain_price_cny_per_kg,
        cast(sum(own_series.quote_count) as integer) as quote_count,
        max(own_series.usable_from_date) as usable_from_date,
        max(own_series.known_at) as known_at
    from own_series
    inner join regions on own_series.region_code = regions.region_code
    left join has_own
        on regions.prefecture_code = has_own.region_code and own_series.commodity = has_own.commodity
    where has_own.region_code is null
    group by regions.prefecture_code, own_series.commodity, own_series.price_year, own_series.week_number
),

final as (
    select *, false as is_pooled from own_series
    union all
    select *, true as is_pooled from pooled
)

select * from final
