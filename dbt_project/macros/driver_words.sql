{# Words for the drivers of a level: a ratio as a percentage with one decimal; a named fact from a finding's evidence. #}
{% macro percent_text(column) -%}
    cast(cast(round(100 * {{ column }}, 1) as decimal(18, 1)) as varchar) || '%'
{%- endmacro %}

{% macro evidence_text(relation, name) -%}
    json_extract_string({{ relation }}.evidence, '$.{{ name }}')
{%- endmacro %}
