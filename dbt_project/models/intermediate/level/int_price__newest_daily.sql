-- The price that each region's series stands at on each day, and whether it still speaks for that day.
with weeks as (
    select
        region_code as price_region_code,
        commodity,
        price_year,
        week_number,
        cast(week_end_date as date) as week_end_date,
        cast(usable_from_date as date) as usable_from_date,
        cast(price as decimal(18, 6)) as price_cny_per_kg,
        cast(baseline_price as decimal(18, 6)) as baseline_price_cny_per_kg,
        cast(fall_ratio as decimal(18, 6)) as fall_ratio,
        tier,
        cast(hog_grain_ratio as decimal(18, 6)) as hog_grain_ratio,
        cast(hog_level as varchar) as hog_level,
        is_pooled
    from {{ source('signals', 'price_weeks') }}
    where price is not null
),

parameters as (
    select * from {{ ref('int_region__parameters_daily') }}
),

newest as (
    {{ newest_usable_by_day('weeks', ['price_region_code', 'commodity'], 'week_end_date') }}
),

quoted_weeks as (
    select price_region_code, commodity, week_number, min(price_year) as first_year
    from weeks
    group by price_region_code, commodity, week_number
),

series_starts as (
    select price_region_code, commodity, min(price_year) as first_year
    from weeks
    group by price_region_code, commodity
),

-- A crop that no earlier year had in this week is out of season, which is not the same as late.
final as (
    select
        newest.as_of_date,
        weeks.* exclude (usable_from_date),
        case when weeks.hog_grain_ratio is null then 'same_window_fall' else 'hog_grain_ratio_below' end as measure,
        coalesce(
            newest.as_of_date <= weeks.week_end_date + to_days(cast(parameters.price_max_age as integer)), false
        ) as is_recent,
        series_starts.first_year < year(newest.as_of_date)
        and coalesce(quoted_weeks.first_year >= year(newest.as_of_date), true) as is_out_of_season
    from newest
    inner join weeks
        on
            newest.price_region_code = weeks.price_region_code
            and newest.commodity = weeks.commodity
            and newest.week_end_date = weeks.week_end_date
    inner join series_starts
        on newest.price_region_code = series_starts.price_region_code and newest.commodity = series_starts.commodity
    left join parameters on newest.as_of_date = parameters.as_of_date
    left join quoted_weeks
        on
            newest.price_region_code = quoted_weeks.price_region_code
            and newest.commodity = quoted_weeks.commodity
            and cast(floor((dayofyear(newest.as_of_date) - 1) / 7) + 1 as integer) = quoted_weeks.week_number
)

select * from final
