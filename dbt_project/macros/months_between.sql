{# Whole months from one month to a later date or month, days not counted: January to February is 1. #}
{% macro months_between(from_date, to_date) -%}
    ((extract(year from {{ to_date }}) - extract(year from {{ from_date }})) * 12
        + extract(month from {{ to_date }}) - extract(month from {{ from_date }}))
{%- endmacro %}
