{#
    The end of a monthly rule: the levels of each region held by hysteresis, and which months speak (is_told). Where a
    list is missing that came before (is_incomplete), what is known may raise the level but takes nothing back: such a
    month has an unknown hold_level, and speaks only where it reaches by itself the level that then stands. Else the
    newest month before it stands, as it does while no list of a month is there.
    levels: a CTE with raw_level, hold_level, hysteresis_months and is_incomplete.
#}
{% macro told_months(levels) -%}
held as (
    {{ hysteresis(levels, ['region_code'], 'report_month', 'hysteresis_months') }}
)

select
    *,
    case when is_incomplete then raw_level = level and level not in ('none', 'unknown') else true end as is_told
from held
{%- endmacro %}

{#
    CTEs `months` and `newest`, the newest month for each region and judged day: of all, or where the rule's months may be
    partial of those that speak, beside whether a list is awaited, of this month or a newer one.
#}
{% macro speaking_months(model, partial) -%}
months as (
    select * from {{ ref(model) }}
    {%- if partial %}
    where is_told
    {%- endif %}
),

{% if partial -%}
spoken as (
    {{ newest_usable_by_day('months', ['region_code'], 'report_month') }}
),

begun as (
    {{ newest_usable_by_day(ref(model), ['region_code'], 'report_month') }}
),

newest as (
    select
        spoken.*,
        months.is_incomplete or begun.report_month > spoken.report_month as is_awaiting_lists
    from spoken
    inner join months on spoken.region_code = months.region_code and spoken.report_month = months.report_month
    inner join begun on spoken.region_code = begun.region_code and spoken.as_of_date = begun.as_of_date
)
{%- else -%}
newest as (
    {{ newest_usable_by_day('months', ['region_code'], 'report_month') }}
)
{%- endif %}
{%- endmacro %}

{% macro awaiting_caution(caution) -%}
coalesce({{ caution }}, case when newest.is_awaiting_lists then 'lists_incomplete' end)
{%- endmacro %}
