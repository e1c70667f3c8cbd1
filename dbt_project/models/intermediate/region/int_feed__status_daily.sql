-- Whether each feed that a key depends on is on time (defaults.md, "Feeds"): the newest period that must be here
-- after due day and grace, against the newest period that is here.
with feeds as (
    select * from {{ source('landing', 'feed_slas') }}
    where feed in (select key_feeds.feed from {{ ref('key_feeds') }} as key_feeds)
),

regions as (
    select region_code, region_level, prefecture_code from {{ ref('int_region__current') }}
    where region_level in ('prefecture', 'county')
),

days as (
    {{ day_spine() }}
),

covered as (
    select * from {{ ref('int_feed__covered_daily') }}
),

told_to_do_without as (
    select distinct feed from {{ source('landing', 'withheld_feeds') }}
),

overdue as (
    select
        feeds.*,
        days.as_of_date,
        cast(days.as_of_date - to_days(feeds.due_days + feeds.grace_days) as date) as awaited_day,
        cast(days.as_of_date - to_days(feeds.due_days + feeds.grace_days + 1) as date) as overdue_day
    from feeds
    cross join days
),

required as (
    select
        feed,
        as_of_date,
        case
            -- Events have no calendar: something must have come within the grace days.
            when feed_group = 'hazards' then awaited_day
            when frequency_unit = 'm' and overdue_day <> last_day(overdue_day)
                then cast(date_trunc('month', overdue_day) - interval 1 day as date)
            -- A week of any calendar ends once in seven days.
            when frequency_unit = 'w' then cast(overdue_day - interval 6 day as date)
            when frequency_unit = 'y' and overdue_day < last_day(make_date(year(overdue_day), anchor_month, 1))
                then last_day(make_date(year(overdue_day) - 1, anchor_month, 1))
            when frequency_unit = 'y' then last_day(make_date(year(overdue_day), anchor_month, 1))
            else overdue_day
        end as required_period_end_date
    from overdue
),

compared as (
    select
        required.feed,
        regions.region_code,
        regions.region_level,
        regions.prefecture_code,
        required.as_of_date,
        required.required_period_end_date,
        covered.covered_period_end_date,
        coalesce(covered.covered_period_end_date >= required.required_period_end_date, false) as is_on_time,
        covered.covered_period_end_date is null as is_missing,
        told_to_do_without.feed is not null
        or coalesce(covered.offered_period_end_date >= required.required_period_end_date, false) as has_withheld
    from required
    cross join regions
    left join covered
        on
            required.feed = covered.feed
            and regions.region_code = covered.region_code
            and required.as_of_date = covered.as_of_date
    left join told_to_do_without on required.feed = told_to_do_without.feed
),

final as (
    select
        * exclude (has_withheld),
        not is_on_time and has_withheld as is_withheld
    from compared
)

select * from final
