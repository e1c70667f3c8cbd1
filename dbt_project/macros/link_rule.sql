{#
    The two rules of projects and links (R21 failing projects, R22 lost links): the vulnerable households hit, as a share
    of V, against the cuts of the rule. Shares are compared by multiplication.
    rule_id: as in int_region__links_monthly; parameter: the rule's cuts in the seed of thresholds; needs: the other
    parameters without which it cannot be judged; subject: what the rule counts.
#}
{% macro link_rule_months(rule_id, parameter, needs) -%}
{%- set reached = 'cuts.threshold_value * facts.vulnerable_household_count' -%}
{{ monthly_rule_months(
    rule_id, 'int_region__links_monthly', parameter, of_rule=true,
    reached='facts.hit_household_count >= ' ~ reached,
    held='facts.hit_household_count >= parameters.hysteresis_share * ' ~ reached,
    observed={'hit_ratio':
        'cast(facts.hit_household_count as double) / nullif(facts.vulnerable_household_count, 0)'},
    caution='when parameters.' ~ needs | join(' is null or parameters.') ~ " is null then 'no_threshold_in_force'
            when facts.vulnerable_household_count < parameters.min_base then 'below_min_base'",
    unknown_where=[], none_where=['below_min_base'], kept=['link_loss_days']
) }}
{%- endmacro %}

{% macro link_rule_daily(rule_id, months, subject, parameter) -%}
{{ monthly_rule_daily(
    rule_id, 'project', months, subject, 'months.hit_ratio', 'hit_household_count',
    {'hit_household_count': 'months.hit_household_count', 'hit_link_count': 'months.hit_link_count',
        'carrier_count': 'months.carrier_count', 'linked_household_count': 'months.linked_household_count',
        'link_count': 'months.link_count', 'window_days': 'cast(months.link_loss_days as integer)',
        'caution': 'months.caution'},
    parameter=parameter
) }}
{%- endmacro %}
