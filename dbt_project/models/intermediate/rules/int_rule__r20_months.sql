-- R20, month by month: employed labour of vulnerable households against the same month of the year before, never
-- against the month before, because people come home for the Spring Festival and the harvest every year. Compared by
-- multiplication: a fall by a share is that many of last year's employed.
{%- set fall = 'facts.employed_before_count - facts.employed_count' %}
{{ monthly_rule_months(
    'R20', 'int_region__employed_monthly', 'employed_fall_on_year',
    reached=fall ~ ' >= cuts.threshold_value * facts.employed_before_count',
    held=fall ~ ' >= parameters.hysteresis_share * cuts.threshold_value * facts.employed_before_count',
    observed={'fall_ratio': 'cast(' ~ fall ~ ' as double) / nullif(facts.employed_before_count, 0)'},
    caution="when facts.vulnerable_household_count < parameters.min_base then 'below_min_base'
            when coalesce(facts.employed_before_count, 0) = 0 then 'no_year_before'",
    unknown_where=['no_year_before'], none_where=['below_min_base'], partial=true
) }}
