{#
    The evidence that travels with a finding, as the text of a small JSON object in the order given. What is unknown
    shows why; the inputs stay in int_household__monthly.
    pairs: a mapping from key to SQL expression. caution: the code of what is missing, as an SQL expression.
#}
{% macro evidence_of(pairs, caution) -%}
    case
        -- most rows of a year without a line end here: put together as text, since codes need no escaping
        when status = 'unknown' then '{"clause":"' || {{ pairs['clause'] }} || '","caution":"' || {{ caution }} || '"}'
        else cast(json_object(
            {%- for key, expression in pairs.items() %}
            '{{ key }}', {{ expression }}{{ ',' if not loop.last }}
            {%- endfor %}
        ) as varchar)
    end
{%- endmacro %}
