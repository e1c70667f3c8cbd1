-- The newest period of each feed that was here on each day, by county and prefecture. A prefecture has a
-- department's list only when every county from which a department reports has it.
with arrivals as (
    select * from {{ ref('int_feed__arrivals') }}
),

feeds as (
    select * from {{ source('landing', 'feed_slas') }}
),

regions as (
    select region_code, region_level, prefecture_code from {{ ref('int_region__current') }}
    where region_level in ('prefecture', 'county')
),

reporting_counties as (
    select distinct regions.region_code, regions.prefecture_code
    from ({{ known_loads() }}) as loads
    inner join feeds on loads.feed = feeds.feed and feeds.feed_group = 'departments'
    inner join regions on loads.scope_region_code = regions.region_code and regions.region_level = 'county'
),

here as (
    select * from arrivals
    where not is_withheld
),

covered as (
    {{ newest_usable_by_day('here', ['feed', 'region_code'], 'period_end_date') }}
),

offered as (
    {{ newest_usable_by_day('arrivals', ['feed', 'region_code'], 'period_end_date') }}
),

by_region as (
    select
        offered.feed,
        offered.region_code,
        offered.as_of_date,
        covered.period_end_date as covered_period_end_date,
        offered.period_end_date as offered_period_end_date
    from offered
    left join covered
        on
            offered.feed = covered.feed
            and offered.region_code = covered.region_code
            and offered.as_of_date = covered.as_of_date
),

days as (
    select distinct as_of_date from by_region
),

departments as (
    select distinct arrivals.feed
    from arrivals
    inner join feeds on arrivals.feed = feeds.feed and feeds.feed_group = 'departments'
),

-- One county without a list leaves the prefecture without it, so its absence must not fall out of the minimum.
pooled as (
    select
        departments.feed,
        reporting_counties.prefecture_code as region_code,
        days.as_of_date,
        case when count(by_region.covered_period_end_date) = count(*)
                then min(by_region.covered_period_end_date)
        end as covered_period_end_date,
        case when count(by_region.offered_period_end_date) = count(*)
                then min(by_region.offered_period_end_date)
        end as offered_period_end_date
    from reporting_counties
    cross join departments
    cross join days
    left join by_region
        on
            departments.feed = by_region.feed
            and reporting_counties.region_code = by_region.region_code
            and days.as_of_date = by_region.as_of_date
    group by departments.feed, reporting_counties.prefecture_code, days.as_of_date
),

final as (
    select * from pooled
    union all
    select by_region.*
    from by_region
    left join pooled
        on
            by_region.feed = pooled.feed
            and by_region.region_code = pooled.region_code
            and by_region.as_of_date = pooled.as_of_date
    where pooled.feed is null
)

select * from final
