-- Lasting price falls as shocks: the days on which a series stands at a level of R19, held as the region's level is,
-- whoever lives from the commodity. Felt in every township that has no price nearer than this one.
with parameters as (
    select as_of_date, hysteresis_days from {{ ref('int_region__parameters_daily') }}
),

series as (
    select * from {{ ref('int_price__weekly_series') }}
),

levels as (
    select
        prices.price_region_code, prices.commodity, prices.as_of_date, prices.price_year, prices.week_number,
        prices.raw_level, prices.hold_level, prices.fall_ratio, parameters.hysteresis_days
    from {{ ref('int_rule__r19_prices') }} as prices
    left join parameters on prices.as_of_date = parameters.as_of_date
),

held as (
    {{ hysteresis('levels', ['price_region_code', 'commodity'], 'as_of_date', 'hysteresis_days') }}
),

days as (
    select
        *,
        raw_level not in ('none', 'unknown') as is_raised,
        as_of_date - cast(row_number() over (
            partition by price_region_code, commodity order by as_of_date
        ) as integer) as spell
    from held
    where level not in ('none', 'unknown')
),

spells as (
    select
        days.price_region_code,
        days.commodity,
        min(days.as_of_date) as opened_date,
        max(days.as_of_date) as last_held_date,
        {{ rank_level('max(' ~ level_rank('days.level') ~ ')') }} as severity,
        -- The mean fall of the days at a level so far, since the harvest is sold over them; without one it is unknown.
        cast(round(
            sum(case when days.is_raised then days.fall_ratio end)
            / count(case when days.is_raised then days.fall_ratio end), 6
        ) as decimal(18, 6)) as fall_ratio,
        min(series.usable_from_date) as usable_from_date,
        max(series.known_at) as known_at
    from days
    left join series
        on
            days.price_region_code = series.region_code
            and days.commodity = series.commodity
            and days.price_year = series.price_year
            and days.week_number = series.week_number
    group by days.price_region_code, days.commodity, days.spell
),

judged as (
    select max(as_of_date) as as_of_date from {{ source('landing', 'run_clock') }}
),

felt as (
    select distinct commodities.region_code as township_code, commodities.commodity, commodities.price_region_code
    from {{ ref('int_rule__r19_commodities') }} as commodities
    inner join judged on commodities.as_of_date = judged.as_of_date
    inner join {{ ref('int_region__current') }} as regions on commodities.region_code = regions.region_code
    where regions.region_level = 'township'
),

final as (
    select
        concat_ws(':', 'price', spells.commodity, spells.price_region_code, cast(spells.opened_date as varchar))
            as shock_id,
        'price' as kind,
        spells.commodity as subject,
        'R19' as rule_id,
        spells.price_region_code as shock_region_code,
        felt.township_code,
        spells.opened_date,
        spells.last_held_date,
        spells.last_held_date = judged.as_of_date as is_open,
        spells.severity,
        spells.fall_ratio,
        spells.usable_from_date,
        spells.known_at
    from spells
    inner join felt on spells.price_region_code = felt.price_region_code and spells.commodity = felt.commodity
    cross join judged
)

select * from final
