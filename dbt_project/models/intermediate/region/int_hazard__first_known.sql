-- Since when each hazard rule's feeds have all spoken: before that day, nothing in sight does not mean that nothing
-- was.
with arrivals as (
    select 'warnings' as feed, usable_from_date from {{ ref('int_hazard__warnings') }}
    union all
    select 'warnings' as feed, usable_from_date from {{ ref('stg_warnings__poll_times') }}
    union all
    select table_name as feed, usable_from_date from {{ ref('stg_landing__newest_loads') }}
),

by_feed as (
    select feeds.rule_id, feeds.feed, min(arrivals.usable_from_date) as first_known_date
    from {{ ref('hazard_feeds') }} as feeds
    left join arrivals on feeds.feed = arrivals.feed
    group by feeds.rule_id, feeds.feed
),

final as (
    select
        rule_id,
        case when count(*) = count(first_known_date) then max(first_known_date) end as first_known_date
    from by_feed
    group by rule_id
)

select * from final
