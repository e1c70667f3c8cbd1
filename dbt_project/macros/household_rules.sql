{# The rules whose subject is a household in a judged month: each answers for every one of them. #}
{% macro household_rules() -%}
    {{ return([
        'r01', 'r02', 'r03', 'r04', 'r05', 'r06', 'r07', 'r09', 'r47', 'r50', 'r51',
        'r53', 'r57', 'r58', 'r59', 'r60', 'r61', 'r62', 'r64', 'r65', 'r66', 'r67'
    ]) }}
{%- endmacro %}

{# Those of them that send a township to look: the rules of the seed lead_rules. #}
{% macro leading_rules() -%}
    {{ return(['r03', 'r04', 'r05', 'r07']) }}
{%- endmacro %}
