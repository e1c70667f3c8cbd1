{#
    A model that is `by_month` builds a few judged months after the other: those of a prefecture fit in memory, two years
    of them do not. Its sources are narrowed to the months at hand by one of these; outside such a build, as in a unit
    test, both hold for every row.
#}
{% macro is_judged_month(day) -%}
    (
        getvariable('judged_from') is null
        or {{ day }} between getvariable('judged_from') and getvariable('judged_to')
    )
{%- endmacro %}

{# Whether a span of days speaks on one of the days at hand. #}
{% macro speaks_in_judged_month(spans) -%}
    (
        getvariable('judged_from') is null
        or (
            {{ spans }}.valid_from_date <= getvariable('judged_to')
            and {{ spans }}.valid_until_date > getvariable('judged_from')
        )
    )
{%- endmacro %}

{#
    A model that is `by_region` builds so many regions after the other: two years of a province's hazards do not fit in
    memory. The regions it starts from are narrowed by this; elsewhere it holds for every row.
#}
{% macro is_judged_region(code) -%}
    (
        getvariable('region_from') is null
        or {{ code }} between getvariable('region_from') and getvariable('region_to')
    )
{%- endmacro %}
