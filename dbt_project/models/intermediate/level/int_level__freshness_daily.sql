-- How far the feeds that a key cannot do without had come, and whether that was on time: one line for each county,
-- prefecture and day, which its townships share.
with status as (
    select * from {{ ref('int_feed__status_daily') }}
),

final as (
    select
        region_code,
        as_of_date,
        '{' || string_agg(
            '"' || feed || '":' || cast(
                json_object('through', cast(covered_period_end_date as varchar), 'is_on_time', is_on_time) as varchar
            ), ',' order by feed
        ) || '}' as feed_freshness
    from status
    group by region_code, as_of_date
)

select * from final
