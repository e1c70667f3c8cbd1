{# Over a group: true if any is, false if all are known not to be, else null. A missing answer is not a no. #}
{% macro known_any(condition) -%}
    case when bool_or({{ condition }}) then true when not bool_or(({{ condition }}) is null) then false end
{%- endmacro %}
