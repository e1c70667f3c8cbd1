-- R19: prices of staple produce that fall lastingly and by much, where people live from it. The worst commodity
-- answers.
with regions as (
    select * from {{ ref('int_region__judged_daily') }}
),

commodities as (
    select * from {{ ref('int_rule__r19_commodities') }}
),

ranked as (
    select
        *,
        case level
            when 'none' then case raw_status when 'clear' then 2 when 'not_applicable' then 1 else 2 end
            when 'unknown' then 3
            else 3 + {{ level_rank('level') }}
        end as weight
    from commodities
),

worst as (
    select
        *,
        row_number() over (
            partition by region_code, as_of_date
            order by weight desc, exposed_household_count desc, commodity asc
        ) as worst_first
    from ranked
),

-- A region without a single registered household has nothing to judge by, which is not the same as nothing to judge.
final as (
    select
        regions.region_code,
        regions.as_of_date,
        'R19' as rule_id,
        'price' as dimension,
        case when worst.weight > 1 then worst.commodity end as subject,
        case
            when worst.weight is null then 'unknown'
            when worst.level = 'unknown' then 'unknown'
            when worst.level <> 'none' then 'raised'
            when worst.raw_status = 'not_applicable' then 'not_applicable'
            else 'clear'
        end as status,
        coalesce(worst.raw_level, 'unknown') as raw_level,
        coalesce(worst.hold_level, 'unknown') as hold_level,
        coalesce(worst.level, 'unknown') as level,
        worst.observed_value,
        cast(worst.threshold_value as decimal(18, 6)) as threshold_value,
        worst.unit,
        worst.threshold_id,
        worst.exposed_household_count,
        worst.vulnerable_household_count,
        cast(case when worst.weight is not null then json_object(
                    'commodity', worst.commodity,
                    'measure', worst.measure,
                    'exposure', worst.exposure,
                    'unknown_household_count', worst.unknown_household_count,
                    'price_region_code', worst.price_region_code,
                    'is_pooled', worst.is_pooled,
                    'price_year', worst.price_year,
                    'week_number', worst.week_number,
                    'week_end_date', cast(worst.week_end_date as varchar),
                    'price_cny_per_kg', worst.price_cny_per_kg,
                    'baseline_price_cny_per_kg', worst.baseline_price_cny_per_kg,
                    'fall_ratio', worst.fall_ratio,
                    'weeks_below', worst.weeks_below,
                    'hog_grain_ratio', worst.hog_grain_ratio,
                    'tier', worst.tier,
                    'caution', case
                        when worst.exposure = 'below_min_base' then 'below_min_base'
                        when worst.raw_status = 'unknown' and worst.price_region_code is null then 'no_price'
                        when worst.raw_status = 'unknown' and not worst.is_recent then 'price_not_recent'
                        when worst.raw_status = 'unknown' and worst.tier = 'C' then 'short_price_history'
                        when worst.raw_status = 'unknown' and worst.exposure = 'unknown' then 'incomes_unknown'
                        when worst.raw_status = 'unknown' then 'no_price_baseline'
                    end,
                    'clause', '§2(3)'
                )
        end as varchar) as evidence,
        worst.known_at
    from regions
    left join worst
        on
            regions.region_code = worst.region_code
            and regions.as_of_date = worst.as_of_date
            and worst.worst_first = 1
)

select * from final
