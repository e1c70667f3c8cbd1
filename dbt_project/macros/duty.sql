{#
    Duties of regions and departments (§3, §5): who is held to what, month by month.

    A model of duties has one row per smallest region that is held, judged month and, where they are judged apart,
    department or class of households: how many duties were due, how many of them were kept, of how many it cannot be
    said; cautions.
#}

{#
    The months, quarters or years that are judged at each judged month: the newest of which the reports of all `feeds`
    (one or a list) were due by then.
#}
{% macro newest_period_due(feeds, unit) -%}
    {%- set step = {'month': '1 month', 'quarter': '3 month', 'year': '1 year'}[unit] %}
    select
        as_of_date,
        cast(next_period_date - interval {{ step }} as date) as duty_start_date,
        cast(next_period_date - interval 1 day as date) as duty_end_date
    from (
        select
            months.as_of_date,
            date_trunc('{{ unit }}', months.as_of_date - max(sla.due_days + sla.grace_days) + 1) as next_period_date
        from {{ ref('int_household__judged_months') }} as months
        cross join {{ source('landing', 'feed_slas') }} as sla
        where sla.feed in ('{{ ([feeds] if feeds is string else feeds) | join("', '") }}')
        group by months.as_of_date
    ) as told
{%- endmacro %}

{# Whether a delivery's scope holds a region: its own, its county's or its prefecture's. #}
{% macro scope_holds(scope, region) -%}
    {{ scope }} in (
        {{ region }}, substring({{ region }}, 1, 9) || '000', substring({{ region }}, 1, 6) || '000000',
        substring({{ region }}, 1, 4) || '00000000'
    )
{%- endmacro %}

{#
    Whether the report of the judged period is there: one row per row of `held` (region_code, as_of_date and the period)
    for which a delivery of the table, of a scope that holds the region, could be used on the day judged.
    covers: the condition on `loads` and `held` under which a delivery speaks of the period.
#}
{% macro reports_of(table_name, covers) -%}
    select
        held.region_code,
        held.as_of_date,
        max(loads.usable_from_date) as usable_from_date,
        max(loads.known_at) as known_at
    from (select distinct region_code, as_of_date, duty_start_date, duty_end_date from held) as held
    inner join {{ ref('stg_landing__newest_loads') }} as loads
        on
            loads.table_name = '{{ table_name }}'
            and {{ covers }}
            and held.as_of_date >= loads.usable_from_date
            and {{ scope_holds('loads.scope_region_code', 'held.region_code') }}
    group by held.region_code, held.as_of_date
{%- endmacro %}

{# A delivery that tells of a part of the period, such as a week of the month: the `covers` of files without a calendar. #}
{% macro touches_the_period() -%}
    loads.period_start_date <= held.duty_end_date and loads.period_end_date >= held.duty_start_date
{%- endmacro %}

{#
    Who is held, month by month, and for what apart: regions from the smallest that is held (leaf) up to the prefecture,
    by department or class of households where these are judged apart (see duty_rule).
#}
{% macro duty_bearers(rule_id, leaf, apart) -%}
    {%- set levels = ['village', 'township', 'county', 'prefecture'] -%}
    select
        regions.region_code, regions.region_level, regions.region_digits, regions.as_of_date,
        {%- for part in ['department', 'class'] %}
        {{ 'held.' if apart == part else 'cast(null as varchar) as ' }}{{ part }}_code{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_region__bearers_monthly') }} as regions
    {%- if apart == 'department' %}
    inner join {{ ref('department_duties') }} as held
        on held.rule_id = '{{ rule_id }}'
    {%- elif apart == 'class' %}
    cross join {{ ref('household_classes') }} as held
    {%- endif %}
    where regions.region_level in ('{{ levels[levels.index(leaf):] | join("', '") }}')
{%- endmacro %}
