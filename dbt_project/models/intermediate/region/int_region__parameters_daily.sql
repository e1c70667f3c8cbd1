-- The parameters of the regional rules that are one number for all levels, in force on each day, side by side.
{%- set parameters = [
    'price_exposed_ratio', 'price_max_age', 'dividend_overdue_days', 'link_loss_days', 'site_exposed_ratio', 'min_base',
    'worsening_from', 'distress_window', 'upper_level_factor', 'escalation_dimensions', 'children_count',
    'children_share', 'large_scale_share', 'large_scale_households', 'hysteresis_share', 'hysteresis_days',
    'hysteresis_months', 'loss_window', 'unusual_hardship_lift'
] %}
with days as (
    {{ day_spine() }}
),

thresholds as (
    select * from {{ ref('int_policy__thresholds_in_force') }}
    where level is null
),

-- A parameter that is not in force on a day is null there, and what needs it becomes unknown.
final as (
    select
        {%- for parameter in parameters %}
            max(case when thresholds.parameter = '{{ parameter }}' then thresholds.value end) as {{ parameter }},
        {%- endfor %}
        days.as_of_date
    from days
    left join thresholds
        on {{ in_force_on('thresholds', 'days.as_of_date') }}
    group by days.as_of_date
)

select * from final
