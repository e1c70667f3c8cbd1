-- The thresholds of the regional rules that differ by level, in force on each day.
with days as (
    {{ day_spine() }}
),

thresholds as (
    select * from {{ ref('int_policy__thresholds_in_force') }}
    where level is not null
),

levels as (
    select * from {{ ref('levels') }}
),

final as (
    select
        days.as_of_date,
        thresholds.rule_id,
        thresholds.parameter,
        thresholds.level,
        levels.level_rank,
        thresholds.value as threshold_value,
        thresholds.unit,
        thresholds.threshold_id
    from days
    inner join thresholds
        on {{ in_force_on('thresholds', 'days.as_of_date') }}
    inner join levels on thresholds.level = levels.level
)

select * from final
