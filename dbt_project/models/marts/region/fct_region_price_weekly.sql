-- What the produce that people live from fetched week by week, and how that compares with the same weeks of earlier
-- years.
{{ config(tags=['stage_2']) }}
with weeks as (
    select * from {{ source('signals', 'price_weeks') }}
),

commodities as (
    select distinct commodity, commodity_name_zh from {{ ref('commodities') }}
),

series as (
    select region_code, commodity, price_year, week_number, known_at from {{ ref('int_price__weekly_series') }}
),

regions as (
    select region_code, region_name from {{ ref('int_region__current') }}
),

final as (
    select
        weeks.region_code,
        regions.region_name,
        weeks.commodity,
        commodities.commodity_name_zh,
        cast(weeks.price_year as integer) as price_year,
        cast(weeks.week_number as integer) as week_number,
        cast(weeks.week_end_date as date) as week_end_date,
        cast(weeks.usable_from_date as date) as usable_from_date,
        cast(weeks.quote_count as integer) as quote_count,
        weeks.is_pooled,
        cast(weeks.price as decimal(12, 4)) as price_cny_per_kg,
        cast(weeks.baseline_price as decimal(12, 4)) as baseline_price_cny_per_kg,
        cast(weeks.fall_ratio as decimal(12, 6)) as fall_ratio,
        cast(weeks.tier as varchar) as history_tier_code,
        cast(weeks.hog_grain_ratio as decimal(12, 6)) as hog_grain_ratio,
        cast(weeks.hog_level as varchar) as hog_level_code,
        series.known_at
    from weeks
    left join commodities on weeks.commodity = commodities.commodity
    left join regions on weeks.region_code = regions.region_code
    left join series
        on
            weeks.region_code = series.region_code
            and weeks.commodity = series.commodity
            and weeks.price_year = series.price_year
            and weeks.week_number = series.week_number
)

select * from final
