-- The level of every region on every day, with the keys it comes from, what drives it and what is not known. Gates
-- come after.
with own as (
    select * from {{ ref('int_level__own_daily') }}
),

raised as (
    select * from {{ ref('int_level__raised_daily') }}
),

drivers as (
    select * from {{ ref('int_level__drivers_daily') }}
),

-- Whom a raised level comes from stands before what the region says of itself.
raisers as (
    select
        region_code,
        as_of_date,
        any_value(level) as level,
        max(raiser_count) as raiser_count,
        max(known_at) as known_at,
        {{ raiser_words() }} as text_zh
    from {{ ref('int_level__raisers_daily') }}
    group by region_code, as_of_date
),

cautions as (
    select * from {{ ref('int_level__cautions_daily') }}
),

regions as (
    select * from {{ ref('int_region__current') }}
),

driver_lists as (
    select
        region_code,
        as_of_date,
        '[' || string_agg(cast(json_object(
            'dimension', dimension,
            'rule_id', rule_id,
            'subject', subject,
            'level', level,
            'observed_value', observed_value,
            'unit', unit,
            'threshold_value', threshold_value,
            'threshold_id', threshold_id,
            'exposed_household_count', exposed_household_count,
            'text_zh', text_zh
        ) as varchar), ',' order by driver_order) || ']' as top_drivers,
        string_agg(text_zh, '；' order by driver_order) as drivers_zh,
        max(case when dimension <> 'distress' then exposed_household_count end) as exposed_household_count
    from drivers
    group by region_code, as_of_date
),

final as (
    select
        own.region_code,
        regions.region_name,
        own.region_level,
        own.as_of_date,
        raised.level,
        own.own_level,
        raised.raised_by_children,
        own.shock_key,
        own.distress_key,
        own.hazard_level,
        own.price_level,
        own.employment_level,
        own.project_level,
        own.site_level,
        own.distress_level,
        {{ raised_drivers('raisers', 'driver_lists') }} as top_drivers,
        nullif(concat_ws('。本级：', raisers.text_zh, driver_lists.drivers_zh), '') as drivers_zh,
        own.vulnerable_household_count,
        driver_lists.exposed_household_count,
        own.new_count as new_lead_count_30d,
        own.previous_count as previous_lead_count_30d,
        own.missing_feeds,
        freshness.feed_freshness,
        cautions.cautions,
        greatest(own.known_at, raisers.known_at) as known_at
    from own
    inner join regions on own.region_code = regions.region_code
    left join raised on own.region_code = raised.region_code and own.as_of_date = raised.as_of_date
    left join raisers on own.region_code = raisers.region_code and own.as_of_date = raisers.as_of_date
    left join driver_lists on own.region_code = driver_lists.region_code and own.as_of_date = driver_lists.as_of_date
    left join {{ ref('int_level__freshness_daily') }} as freshness
        on
            own.as_of_date = freshness.as_of_date
            and freshness.region_code = case own.region_level
                when 'township' then regions.county_code else own.region_code
            end
    left join cautions on own.region_code = cautions.region_code and own.as_of_date = cautions.as_of_date
)

select * from final
