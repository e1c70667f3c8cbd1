{#
    The two rules of projects and links (R21 failing projects, R22 lost links), month by month and day by day: the
    vulnerable households hit, as a share of V, against the cuts of the rule. Shares are compared by multiplication.
    rule_id: as in int_region__links_monthly; parameter: the rule's cuts in the seed of thresholds; needs: the other
    parameters without which it cannot be judged.
#}
{% macro link_rule_months(rule_id, parameter, needs) %}
with months as (
    select * from {{ ref('int_region__links_monthly') }}
    where rule_id = '{{ rule_id }}'
),

parameters as (
    select * from {{ ref('int_region__parameters_daily') }}
),

cuts as (
    select * from {{ ref('int_region__cuts_daily') }}
    where rule_id = '{{ rule_id }}' and parameter = '{{ parameter }}'
),

graded as (
    {%- set reached = 'cuts.threshold_value * months.vulnerable_household_count' %}
    select
        months.region_code,
        months.report_month,
        coalesce(max(cuts.level_rank) filter (where months.hit_household_count >= {{ reached }}), 0) as raw_rank,
        coalesce(max(cuts.level_rank) filter (
            where months.hit_household_count >= parameters.hysteresis_share * {{ reached }}
        ), 0) as hold_rank,
        min(cuts.level_rank) as lowest_rank
    from months
    inner join parameters on months.month_end_date = parameters.as_of_date
    inner join cuts on months.month_end_date = cuts.as_of_date
    group by months.region_code, months.report_month
),

measured as (
    select
        months.* exclude (rule_id),
        parameters.hysteresis_months,
        parameters.hysteresis_share,
        parameters.link_loss_days,
        graded.raw_rank,
        graded.hold_rank,
        greatest(graded.raw_rank, graded.lowest_rank) as shown_rank,
        case
            when parameters.min_base is null or graded.lowest_rank is null
                {%- for need in needs %} or parameters.{{ need }} is null{% endfor %}
                then 'no_threshold_in_force'
            when months.vulnerable_household_count < parameters.min_base then 'below_min_base'
        end as caution,
        cast(
            cast(months.hit_household_count as double) / nullif(months.vulnerable_household_count, 0)
            as decimal(18, 6)
        ) as hit_ratio
    from months
    left join parameters on months.month_end_date = parameters.as_of_date
    left join graded on months.region_code = graded.region_code and months.report_month = graded.report_month
),

levels as (
    select
        * exclude (raw_rank, hold_rank, hysteresis_share),
        case
            when caution = 'no_threshold_in_force' then 'unknown'
            when caution = 'below_min_base' then 'none'
            else {{ rank_level('raw_rank') }}
        end as raw_level,
        case
            when caution = 'no_threshold_in_force' or hysteresis_share is null then 'unknown'
            when caution = 'below_min_base' then 'none'
            else {{ rank_level('hold_rank') }}
        end as hold_level
    from measured
),

held as (
    {{ hysteresis('levels', ['region_code'], 'report_month', 'hysteresis_months') }}
)

select * from held
{% endmacro %}

{# The same two rules day by day. subject: what the rule counts. #}
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
