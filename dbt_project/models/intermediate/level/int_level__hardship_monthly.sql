-- New hardship of every month that is over, region by region, for the statistics of counts. A month has no count where
-- V is not known, or where a feed that distress rests on was late when it ended: what came after counts later.
with months as (
    select
        region_code, region_level, county_code, prefecture_code,
        cast(date_trunc('month', as_of_date) as date) as month_start_date,
        last_day(as_of_date) as as_of_date
    from {{ ref('int_region__judged_daily') }}
    group by
        region_code, region_level, county_code, prefecture_code, date_trunc('month', as_of_date), last_day(as_of_date)
    having count(*) = day(last_day(as_of_date))
),

by_month as (
    select
        ancestors.ancestor_code as region_code,
        cast(date_trunc('month', hardship.hardship_date) as date) as month_start_date,
        count(*) as new_count
    from {{ ref('int_household__new_hardship') }} as hardship
    inner join {{ ref('int_region__ancestors') }} as ancestors on hardship.township_code = ancestors.region_code
    group by ancestors.ancestor_code, date_trunc('month', hardship.hardship_date)
),

vulnerable as (
    select * from {{ ref('int_region__vulnerable_monthly') }}
),

feeds as (
    select region_code, as_of_date, are_feeds_on_time from {{ ref('int_level__feeds_daily') }}
    where key = 'distress'
),

final as (
    select
        months.region_code, months.region_level, months.county_code, months.prefecture_code,
        months.month_start_date, months.as_of_date,
        case
            when vulnerable.vulnerable_household_count is not null and feeds.are_feeds_on_time
                then coalesce(by_month.new_count, 0)
        end as new_count,
        vulnerable.vulnerable_household_count,
        vulnerable.known_at
    from months
    left join by_month
        on months.region_code = by_month.region_code and months.month_start_date = by_month.month_start_date
    left join vulnerable
        on
            months.region_code = vulnerable.region_code
            and months.as_of_date between vulnerable.valid_from_date and vulnerable.valid_to_date
    left join feeds on months.region_code = feeds.region_code and months.as_of_date = feeds.as_of_date
)

select * from final
