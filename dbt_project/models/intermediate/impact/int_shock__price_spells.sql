-- Lasting price falls as shocks: the days on which a series stands at a level of R19, held as the region's level is,
-- whoever lives from the commodity. Felt in every township on the days on which this price answers for it.
with series as (
    select * from {{ ref('int_price__weekly_series') }}
),

answers as (
    select * from {{ ref('int_rule__r19_nearest') }}
),

days as (
    select
        *,
        raw_level not in ('none', 'unknown') as is_raised,
        as_of_date - cast(row_number() over (
            partition by price_region_code, commodity order by as_of_date
        ) as integer) as spell
    from answers
    where level not in ('none', 'unknown') and nearest_region_code = price_region_code
),

spells as (
    select
        days.price_region_code,
        days.commodity,
        days.spell,
        min(days.as_of_date) as opened_date,
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

townships as (
    select distinct commodities.region_code as township_code, commodities.commodity, commodities.nearest_region_code
    from {{ ref('int_rule__r19_commodities') }} as commodities
    inner join judged on commodities.as_of_date = judged.as_of_date
    inner join {{ ref('int_region__current') }} as regions on commodities.region_code = regions.region_code
    where regions.region_level = 'township'
),

felt as (
    select
        days.price_region_code,
        days.commodity,
        days.spell,
        townships.township_code,
        min(days.as_of_date) as opened_date,
        max(days.as_of_date) as last_held_date
    from days
    inner join answers
        on
            days.price_region_code = answers.price_region_code
            and days.commodity = answers.commodity
            and days.as_of_date = answers.as_of_date
    inner join townships
        on answers.nearest_region_code = townships.nearest_region_code and answers.commodity = townships.commodity
    group by days.price_region_code, days.commodity, days.spell, townships.township_code
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
        felt.opened_date,
        felt.last_held_date,
        felt.last_held_date = judged.as_of_date as is_open,
        spells.severity,
        spells.fall_ratio,
        spells.usable_from_date,
        spells.known_at
    from spells
    inner join felt using (price_region_code, commodity, spell)
    cross join judged
)

select * from final
