-- Market quotes as weekly means by commodity, in the same week count as the weekly feed: seven days each from 1
-- January.
with quotes as (
    select * from {{ ref('stg_prices__market') }}
    where exclusion_reason is null
),

commodities as (
    select * from {{ ref('commodities') }}
),

-- A day is usable from its first quotes on; one that comes after them joins the mean without moving that date.
quotes_by_day as (
    select
        quotes.region_code,
        commodities.commodity,
        quotes.quoted_date,
        sum(quotes.price_cny_per_kg) as price_sum,
        count(*) as quote_count,
        min(quotes.usable_from_date) as usable_from_date,
        max(quotes.known_at) as known_at
    from quotes
    inner join commodities on quotes.product_name = commodities.product_name
    group by quotes.region_code, commodities.commodity, quotes.quoted_date
),

numbered as (
    select
        *,
        cast(extract(year from quoted_date) as integer) as price_year,
        cast(floor((extract(doy from quoted_date) - 1) / 7) + 1 as integer) as week_number
    from quotes_by_day
),

final as (
    select
        region_code,
        commodity,
        price_year,
        week_number,
        least(
            cast(make_date(price_year, 1, 1) + to_days(7 * week_number - 1) as date),
            make_date(price_year, 12, 31)
        ) as week_end_date,
        cast(sum(price_sum) / sum(quote_count) as decimal(12, 4)) as price_cny_per_kg,
        cast(null as decimal(12, 4)) as grain_price_cny_per_kg,
        cast(sum(quote_count) as integer) as quote_count,
        max(usable_from_date) as usable_from_date,
        max(known_at) as known_at
    from numbered
    group by region_code, commodity, price_year, week_number
)

select * from final
