-- The limits of the county staff's checks in force on each judged day, one column each; null where none is.
{%- set limits = [
    'measure_months', 'elimination_months', 'early_months', 'labour_ratio', 'primary_age_min', 'primary_age_max',
    'senior_age_min', 'senior_age_max', 'wage_min', 'income_max'
] %}
with months as (
    select as_of_date from {{ ref('int_household__judged_months') }}
),

thresholds as (
    select * from {{ ref('int_policy__thresholds_in_force') }}
),

final as (
    select
        {%- for limit in limits %}
            max(case when thresholds.parameter = 'quality_{{ limit }}' then thresholds.value end) as {{ limit }},
        {%- endfor %}
        months.as_of_date
    from months
    left join thresholds
        on {{ in_force_on('thresholds', 'months.as_of_date') }}
    group by months.as_of_date
)

select * from final
