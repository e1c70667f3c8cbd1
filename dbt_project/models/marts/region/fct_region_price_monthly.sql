-- How unusual a month's price is for its season and trend, both ways: the reading beside R19's own, with the length of
-- the history that it rests on. Unusual is not large: in a calm series a fen is abnormal. No level reads it.
{{ config(tags=['stage_2']) }}
with months as (
    select * from {{ source('signals', 'price_months') }}
),

commodities as (
    select distinct commodity, commodity_name_zh from {{ ref('commodities') }}
),

regions as (
    select region_code, region_name from {{ ref('int_region__current') }}
),

series as (
    select
        region_code, commodity, cast(date_trunc('month', week_end_date) as date) as report_month,
        max(known_at) as known_at
    from {{ ref('int_price__weekly_series') }}
    group by region_code, commodity, date_trunc('month', week_end_date)
),

final as (
    select
        months.region_code,
        regions.region_name,
        months.commodity,
        commodities.commodity_name_zh,
        cast(last_day(months.month) as date) as as_of_date,
        strftime(months.month, '%Y-%m') as period,
        cast(months.usable_from_date as date) as usable_from_date,
        cast(months.week_count as integer) as week_count,
        cast(months.price as decimal(12, 4)) as price_cny_per_kg,
        cast(months.normal_price as decimal(12, 4)) as normal_price_cny_per_kg,
        cast(months.tier as varchar) as history_tier_code,
        cast(months.ifpa as decimal(12, 6)) as ifpa_value,
        case months.ifpa_grade
            when -2 then 'abnormally_low' when -1 then 'moderately_low' when 0 then 'normal'
            when 1 then 'moderately_high' when 2 then 'abnormally_high'
        end as ifpa_grade_code,
        cast(months.alps as decimal(12, 6)) as alps_value,
        case months.alps_grade
            when -3 then 'crisis_low' when -2 then 'alert_low' when -1 then 'stress_low' when 0 then 'normal'
            when 1 then 'stress_high' when 2 then 'alert_high' when 3 then 'crisis_high'
        end as alps_grade_code,
        series.known_at
    from months
    left join commodities on months.commodity = commodities.commodity
    left join regions on months.region_code = regions.region_code
    left join series
        on
            months.region_code = series.region_code
            and months.commodity = series.commodity
            and cast(months.month as date) = series.report_month
)

select * from final
