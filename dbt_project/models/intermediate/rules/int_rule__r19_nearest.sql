-- R19, between the price and the region: which price answers where a series is the nearest one. The nearest that can be
-- judged on the day, outward from there: a series that is young or late hides no good one behind it, nor any day before
-- it began. A level that a series itself raised is not hidden by its own lateness: while it holds one, it answers.
with parameters as (
    select as_of_date, hysteresis_days from {{ ref('int_region__parameters_daily') }}
),

prices as (
    select prices.*, parameters.hysteresis_days
    from {{ ref('int_rule__r19_prices') }} as prices
    left join parameters on prices.as_of_date = parameters.as_of_date
),

held as (
    {{ hysteresis('prices', ['price_region_code', 'commodity'], 'as_of_date', 'hysteresis_days') }}
),

series as (
    select distinct price_region_code as nearest_region_code, commodity from prices
),

-- Out of season is an answer too, of a series with the years to tell.
ranked as (
    select
        series.nearest_region_code,
        held.*,
        row_number() over (
            partition by series.nearest_region_code, held.commodity, held.as_of_date
            order by
                case
                    when held.status in ('raised', 'clear') or held.level not in ('none', 'unknown') then 0
                    when held.status = 'not_applicable' and held.tier <> 'C' then 0
                    else 1
                end,
                ancestors.distance
        ) as answers_first
    from series
    inner join {{ ref('int_region__ancestors') }} as ancestors on series.nearest_region_code = ancestors.region_code
    inner join held
        on ancestors.ancestor_code = held.price_region_code and series.commodity = held.commodity
),

final as (
    select * exclude (answers_first, hysteresis_days) from ranked
    where answers_first = 1
)

select * from final
