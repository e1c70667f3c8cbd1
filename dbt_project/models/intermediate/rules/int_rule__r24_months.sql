-- R24, month by month: whether the people of resettlement sites have settled, by the integration index. Counties and up
-- are judged on their pooled sites, and only when enough households live on them (as in R23); sites of fewer households
-- than the minimum base give counts, no level. Compared by multiplication; a level is held until what is missing to a
-- hundred is below hysteresis_share of what opens it.
{%- set lacking = '100 * facts.site_household_count - facts.index_sum' %}
{{ monthly_rule_months(
    'R24', 'int_region__integration_monthly', 'integration_index_below', dropped=['index_sum'],
    reached='facts.index_sum < cuts.threshold_value * facts.site_household_count',
    held=lacking ~ ' >= parameters.hysteresis_share * (100 - cuts.threshold_value) * facts.site_household_count
                and ' ~ lacking ~ ' > 0',
    observed={'integration_index': 'cast(facts.index_sum as double) / facts.site_household_count'},
    caution="when facts.site_household_count < parameters.min_base then 'below_min_base'
            when facts.region_level <> 'township' and parameters.site_exposed_ratio is null
                then 'no_threshold_in_force'
            when facts.region_level <> 'township' and facts.vulnerable_household_count is null
                then 'no_household_data'
            when
                facts.region_level <> 'township'
                and facts.site_household_count < parameters.site_exposed_ratio * facts.vulnerable_household_count
                then 'few_households_on_sites'
            when facts.index_sum is null then 'integration_part_missing'",
    unknown_where=['integration_part_missing', 'no_household_data'], none_where=['below_min_base', 'few_households_on_sites'],
    partial=true
) }}
