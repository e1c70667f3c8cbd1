-- When each feed that a key depends on had covered which period, for a county (or, for feeds that are not delivered
-- county by county, for every county and the prefecture).
with known as (
    {{ known_loads() }}
),

held_back as (
    select * from {{ source('landing', 'loads') }}
    where is_withheld
),

feeds as (
    select * from {{ source('landing', 'feed_slas') }}
    where feed in (select key_feeds.feed from {{ ref('key_feeds') }} as key_feeds)
),

-- A table that comes when there is something to say (restated incomes) covers no period: its contract says so.
loads as (
    select feed, scope_region_code, period_end_date, known_at, false as is_withheld from known
    where covers_period
    union all
    select feed, scope_region_code, period_end_date, known_at, true as is_withheld from held_back
    where covers_period
),

regions as (
    select region_code from {{ ref('int_region__current') }}
    where region_level in ('prefecture', 'county')
),

ancestors as (
    select * from {{ ref('int_region__ancestors') }}
),

-- A department's list covers its scope and all below; what centres publish covers every region of the run.
final as (
    select
        feeds.feed,
        regions.region_code,
        loads.is_withheld,
        loads.period_end_date,
        min(greatest(
            loads.period_end_date, cast(loads.known_at + interval 8 hour as date)
        )) as usable_from_date
    from loads
    inner join feeds on loads.feed = feeds.feed
    cross join regions
    left join ancestors
        on regions.region_code = ancestors.region_code and loads.scope_region_code = ancestors.ancestor_code
    where feeds.feed_group <> 'departments' or ancestors.ancestor_code is not null
    group by feeds.feed, regions.region_code, loads.is_withheld, loads.period_end_date
)

select * from final
