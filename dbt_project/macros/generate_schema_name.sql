{# A model's schema is the one it names, without dbt's prefix: marts.fct_… is what readers ask for. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
