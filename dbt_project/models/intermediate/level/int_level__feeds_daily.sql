-- Whether the feeds that a key cannot do without were on time, region by region and day by day, and which were not. A
-- township reads its county's feeds. Of a group of alternatives one is enough.
with regions as (
    select * from {{ ref('int_region__judged_daily') }}
),

key_feeds as (
    select * from {{ ref('key_feeds') }}
),

status as (
    select * from {{ ref('int_feed__status_daily') }}
),

hogs as (
    select * from {{ ref('int_price__exposed_monthly') }}
    where commodity = 'hog' and exposed_household_count > 0
),

vulnerable as (
    select * from {{ ref('int_region__vulnerable_monthly') }}
    where site_household_count > 0
),

sites as (
    select region_code, min(usable_from_date) as first_reported_date
    from {{ ref('int_region__site_monthly') }}
    group by region_code
),

conditions as (
    select
        regions.region_code,
        regions.as_of_date,
        case regions.region_level
            when 'township' then regions.county_code else regions.region_code
        end as feed_region_code,
        hogs.region_code is not null as hogs_kept,
        vulnerable.region_code is not null
        or coalesce(sites.first_reported_date <= regions.as_of_date, false) as has_sites
    from regions
    left join hogs
        on
            regions.region_code = hogs.region_code
            and regions.as_of_date between hogs.valid_from_date and hogs.valid_to_date
    left join vulnerable
        on
            regions.region_code = vulnerable.region_code
            and regions.as_of_date between vulnerable.valid_from_date and vulnerable.valid_to_date
    left join sites on regions.region_code = sites.region_code
),

-- Few situations differ, many regions share them: a county's feeds are looked up once for all its townships.
situations as (
    select distinct feed_region_code, as_of_date, hogs_kept, has_sites from conditions
),

needed as (
    select
        situations.*,
        key_feeds.key,
        key_feeds.alternative_group,
        bool_or(coalesce(status.is_on_time, false)) as is_on_time,
        string_agg(key_feeds.feed, ',' order by key_feeds.feed) as feeds
    from situations
    inner join key_feeds
        on
            key_feeds.condition = 'always'
            or (key_feeds.condition = 'hogs_kept' and situations.hogs_kept)
            or (key_feeds.condition = 'has_sites' and situations.has_sites)
    left join status
        on
            key_feeds.feed = status.feed
            and situations.feed_region_code = status.region_code
            and situations.as_of_date = status.as_of_date
    group by
        situations.feed_region_code, situations.as_of_date, situations.hogs_kept, situations.has_sites,
        key_feeds.key, key_feeds.alternative_group
),

answered as (
    select
        feed_region_code, as_of_date, hogs_kept, has_sites, key,
        bool_and(is_on_time) as are_feeds_on_time,
        string_agg(feeds, ',' order by feeds) filter (where not is_on_time) as missing_feeds
    from needed
    group by feed_region_code, as_of_date, hogs_kept, has_sites, key
),

final as (
    select
        conditions.region_code, as_of_date, answered.key, answered.are_feeds_on_time, answered.missing_feeds
    from conditions
    inner join answered using (feed_region_code, as_of_date, hogs_kept, has_sites)
)

select * from final
