{#
    What produce fetches now against the same weeks a year before, by township and kind of business income: the price that
    is nearest to it, commodities by their share of that income. Out of season nothing is sold and the statement stands;
    a price that is late, or a series too short to judge by (tier C), leaves the change unknown. The newest month alone.
#}
with today as (
    select max(as_of_date) as as_of_date from {{ ref('int_household__judged_months') }}
),

commodities as (
    select distinct commodity, livelihood_column, livelihood_share from {{ ref('commodities') }}
),

newest as (
    select prices.*, compared_weeks.value as compared_weeks
    from {{ ref('int_price__newest_daily') }} as prices
    inner join today on prices.as_of_date = today.as_of_date
    left join {{ thresholds_of('projection_price_weeks') }} as compared_weeks
        on {{ in_force_on('compared_weeks', 'prices.as_of_date') }}
),

changes as (
    select
        newest.price_region_code, newest.commodity,
        newest.is_out_of_season and not newest.is_recent as is_out_of_season,
        cast(case
            when newest.is_recent and newest.tier <> 'C' and count(earlier.price_cny_per_kg) >= newest.compared_weeks
                then
                    sum(series.price_cny_per_kg) filter (where earlier.price_cny_per_kg is not null)
                    / sum(earlier.price_cny_per_kg)
        end as decimal(12, 6)) as price_factor
    from newest
    left join {{ ref('int_price__weekly_series') }} as series
        on
            newest.price_region_code = series.region_code and newest.commodity = series.commodity
            and newest.week_end_date >= series.week_end_date
            and series.week_end_date > newest.week_end_date - to_days(cast(7 * newest.compared_weeks as integer))
    left join {{ ref('int_price__weekly_series') }} as earlier
        on
            series.region_code = earlier.region_code and series.commodity = earlier.commodity
            and series.price_year = earlier.price_year + 1 and series.week_number = earlier.week_number
    group by
        newest.price_region_code, newest.commodity, newest.is_out_of_season, newest.is_recent, newest.tier,
        newest.compared_weeks
),

townships as (
    select distinct households.township_code
    from {{ ref('int_household__monthly') }} as households
    inner join today on households.as_of_date = today.as_of_date
),

nearest as (
    select
        townships.township_code,
        changes.*,
        row_number() over (
            partition by townships.township_code, changes.commodity
            order by ancestors.distance, changes.price_region_code
        ) as nearness
    from townships
    inner join {{ ref('int_region__ancestors') }} as ancestors
        on townships.township_code = ancestors.region_code
    inner join changes
        on ancestors.ancestor_code = changes.price_region_code
),

final as (
    select
        townships.township_code,
        commodities.livelihood_column,
        cast(round(
            case
                when bool_and(coalesce(nearest.is_out_of_season, false)) then 1
                when bool_and(nearest.is_out_of_season is not null)
                    and bool_and(nearest.is_out_of_season or nearest.price_factor is not null)
                    then sum(commodities.livelihood_share * nearest.price_factor)
                        filter (where not nearest.is_out_of_season)
                        / sum(commodities.livelihood_share) filter (where not nearest.is_out_of_season)
            end, 6
        ) as decimal(12, 6)) as price_factor
    from townships
    cross join commodities
    left join nearest
        on
            townships.township_code = nearest.township_code and commodities.commodity = nearest.commodity
            and nearest.nearness = 1
    group by townships.township_code, commodities.livelihood_column
)

select * from final
