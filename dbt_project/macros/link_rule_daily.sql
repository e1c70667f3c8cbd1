{#
    The second half of macros/link_rule.sql: each judged day by the newest month whose lists were there on it. A list
    that is late leaves the level where it stood.
    months: the rule's model by the month; subject: what the rule counts; parameter: its cuts.
#}
{% macro link_rule_daily(rule_id, months, subject, parameter) %}
with regions as (
    select * from {{ ref('int_region__judged_daily') }}
),

months as (
    select * from {{ ref(months) }}
),

cuts as (
    select * from {{ ref('int_region__cuts_daily') }}
    where rule_id = '{{ rule_id }}' and parameter = '{{ parameter }}'
),

newest as (
    {{ newest_usable_by_day('months', ['region_code'], 'report_month') }}
),

final as (
    select
        regions.region_code,
        regions.as_of_date,
        '{{ rule_id }}' as rule_id,
        'project' as dimension,
        '{{ subject }}' as subject,
        case
            when coalesce(months.level, 'unknown') = 'unknown' then 'unknown'
            when months.level <> 'none' then 'raised'
            when months.caution = 'below_min_base' then 'not_applicable'
            else 'clear'
        end as status,
        coalesce(months.raw_level, 'unknown') as raw_level,
        coalesce(months.hold_level, 'unknown') as hold_level,
        coalesce(months.level, 'unknown') as level,
        months.hit_ratio as observed_value,
        cast(cuts.threshold_value as decimal(18, 6)) as threshold_value,
        cuts.unit,
        cuts.threshold_id,
        months.hit_household_count as exposed_household_count,
        months.vulnerable_household_count,
        cast(case when months.region_code is not null then json_object(
                    'report_month', cast(months.report_month as varchar),
                    'hit_household_count', months.hit_household_count,
                    'hit_link_count', months.hit_link_count,
                    'carrier_count', months.carrier_count,
                    'linked_household_count', months.linked_household_count,
                    'link_count', months.link_count,
                    'window_days', cast(months.link_loss_days as integer),
                    'caution', months.caution,
                    'clause', '§2(3)'
                )
        end as varchar) as evidence,
        months.known_at
    from regions
    left join newest
        on regions.region_code = newest.region_code and regions.as_of_date = newest.as_of_date
    left join months
        on newest.region_code = months.region_code and newest.report_month = months.report_month
    left join cuts
        on months.month_end_date = cuts.as_of_date and months.shown_rank = cuts.level_rank
)

select * from final
{% endmacro %}
