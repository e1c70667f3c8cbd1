{#
    A regional rule that is judged by the month (R20 to R24), day by day: each judged day by the newest month whose lists
    were there on it, so that a list that is late leaves the level where it stood.
    months: the rule's model by the month; subject: what the rule counts; observed, exposed: columns of `months`;
    parameter: the rule's cuts, of which the month's shown_rank names one; without it `months` names its threshold itself;
    inapplicable: where a month without a level has nothing to judge; evidence: what is shown beside the month;
    on_sites: a region without relocation sites has nothing to judge; one whose sites have no report yet is unknown;
    partial: only the months that speak count (macros/told_months.sql); that a list is awaited becomes a caution.
#}
{% macro monthly_rule_daily(
    rule_id, dimension, months, subject, observed, exposed, evidence, parameter=none,
    inapplicable="months.caution = 'below_min_base'", on_sites=false, partial=false
) -%}
{%- set cut = 'cuts' if parameter else 'months' -%}
{%- set subject = "'" ~ subject ~ "'" -%}
with regions as (
    select * from {{ ref('int_region__judged_daily') }}
),

{{ speaking_months(months, partial) }},
{%- if on_sites %}

vulnerable as (
    select * from {{ ref('int_region__vulnerable_monthly') }}
),
{%- endif %}
{%- if parameter %}

cuts as (
    select * from {{ ref('int_region__cuts_daily') }}
    where rule_id = '{{ rule_id }}' and parameter = '{{ parameter }}'
),
{%- endif %}

final as (
    select
        regions.region_code,
        regions.as_of_date,
        '{{ rule_id }}' as rule_id,
        '{{ dimension }}' as dimension,
        {{ 'case when months.region_code is not null then ' ~ subject ~ ' end' if on_sites else subject }} as subject,
        case
            {%- if on_sites %}
            when months.region_code is null and coalesce(vulnerable.site_household_count, 0) = 0 then 'not_applicable'
            {%- endif %}
            when coalesce(months.level, 'unknown') = 'unknown' then 'unknown'
            when months.level <> 'none' then 'raised'
            when {{ inapplicable }} then 'not_applicable'
            else 'clear'
        end as status,
        {%- for column in ['raw_level', 'hold_level', 'level'] %}
            {%- if on_sites %}
            case
                when months.region_code is null and coalesce(vulnerable.site_household_count, 0) = 0 then 'none'
                else coalesce(months.{{ column }}, 'unknown')
            end as {{ column }},
            {%- else %}
            coalesce(months.{{ column }}, 'unknown') as {{ column }},
            {%- endif %}
        {%- endfor %}
        cast({{ observed }} as decimal(18, 6)) as observed_value,
        cast({{ cut }}.threshold_value as decimal(18, 6)) as threshold_value,
        {{ cut }}.unit,
        {{ cut }}.threshold_id,
        months.{{ exposed }} as exposed_household_count,
        {{ 'vulnerable' if on_sites else 'months' }}.vulnerable_household_count,
        cast(case when months.region_code is not null then json_object(
                    'report_month', cast(months.report_month as varchar),
                    {%- for name, figure in evidence.items() %}
                    '{{ name }}', {{ awaiting_caution(figure) if partial and name == 'caution' else figure }},
                    {%- endfor %}
                    'clause', '§2(3)'
                )
        end as varchar) as evidence,
        months.known_at
    from regions
    left join newest
        on regions.region_code = newest.region_code and regions.as_of_date = newest.as_of_date
    left join months
        on newest.region_code = months.region_code and newest.report_month = months.report_month
    {%- if on_sites %}
    left join vulnerable
        on
            regions.region_code = vulnerable.region_code
            and regions.as_of_date between vulnerable.valid_from_date and vulnerable.valid_to_date
    {%- endif %}
    {%- if parameter %}
    left join cuts
        on months.month_end_date = cuts.as_of_date and months.shown_rank = cuts.level_rank
    {%- endif %}
)

select * from final
{%- endmacro %}
