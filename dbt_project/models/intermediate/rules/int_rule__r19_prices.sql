-- R19, first part: what a price says on a day, whoever lives from it. Lasting AND large: a fall counts against the same
-- weeks of earlier years and only after so many weeks in a row; hogs go by the official ladder where both prices exist.
with prices as (
    select * from {{ ref('int_price__newest_daily') }}
),

runs as (
    select region_code as price_region_code, commodity, price_year, week_number, threshold_id, weeks_below
    from {{ source('signals', 'price_runs') }}
),

cuts as (
    select * from {{ ref('int_region__cuts_daily') }}
    where rule_id = 'R19'
),

parameters as (
    select * from {{ ref('int_region__parameters_daily') }}
),

graded as (
    select
        prices.price_region_code, prices.commodity, prices.as_of_date, cuts.level_rank, runs.weeks_below,
        -- A fall that is not known is neither reached nor missed.
        case
            when prices.measure = 'hog_grain_ratio_below'
                then {{ level_rank('prices.hog_level') }} >= cuts.level_rank
            when prices.fall_ratio is not null
                then
                    prices.fall_ratio >= cuts.threshold_value
                    and runs.weeks_below >= weeks_needed.threshold_value
        end as is_reached,
        case prices.measure
            when 'hog_grain_ratio_below'
                then prices.hog_grain_ratio * parameters.hysteresis_share < cuts.threshold_value
            else prices.fall_ratio >= parameters.hysteresis_share * cuts.threshold_value
        end as is_held
    from prices
    inner join cuts on prices.as_of_date = cuts.as_of_date and prices.measure = cuts.parameter
    left join parameters on prices.as_of_date = parameters.as_of_date
    left join cuts as weeks_needed
        on cuts.as_of_date = weeks_needed.as_of_date and cuts.level = weeks_needed.level
            and weeks_needed.parameter = 'weeks_in_a_row'
    left join runs
        on prices.price_region_code = runs.price_region_code and prices.commodity = runs.commodity
            and prices.price_year = runs.price_year and prices.week_number = runs.week_number
            and cuts.threshold_id = runs.threshold_id
),

levels as (
    select
        price_region_code, commodity, as_of_date,
        coalesce(max(level_rank) filter (where is_reached), 0) as raw_rank,
        coalesce(max(level_rank) filter (where is_held), 0) as hold_rank,
        bool_or(is_reached is null) as is_unjudged,
        bool_or(is_held is null) as is_hold_unjudged,
        max(weeks_below) as weeks_below,
        -- The threshold shown is the one reached, or the lowest one where none is.
        coalesce(max(level_rank) filter (where is_reached), min(level_rank)) as shown_rank
    from graded
    group by price_region_code, commodity, as_of_date
),

judged as (
    select
        prices.*,
        levels.weeks_below,
        levels.shown_rank,
        case
            when not prices.is_recent and prices.is_out_of_season then 'not_applicable'
            when not prices.is_recent or coalesce(levels.is_unjudged, true) then 'unknown'
            when levels.raw_rank > 0 then 'raised'
            else 'clear'
        end as status,
        levels.raw_rank,
        case when not levels.is_hold_unjudged then levels.hold_rank end as hold_rank
    from prices
    left join levels
        on prices.price_region_code = levels.price_region_code and prices.commodity = levels.commodity
            and prices.as_of_date = levels.as_of_date
),

final as (
    select
        judged.* exclude (raw_rank, hold_rank, shown_rank),
        {%- for rank in ['raw', 'hold'] %}
            case status
                when 'unknown' then 'unknown' when 'not_applicable' then 'none' else {{ rank_level(rank ~ '_rank') }}
            end as {{ rank }}_level,
        {%- endfor %}
        case measure when 'same_window_fall' then fall_ratio else hog_grain_ratio end as observed_value,
        cuts.threshold_value, cuts.unit, cuts.threshold_id
    from judged
    left join cuts
        on
            judged.as_of_date = cuts.as_of_date and judged.measure = cuts.parameter
            and judged.shown_rank = cuts.level_rank
)

select * from final
