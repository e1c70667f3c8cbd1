{#
    A CTE `<source>_masked`: the wordings of the CTE `source` with each sign in turn masked, and with each left out. Two
    wordings of which one sign differs share a masked form; one that lost a sign is the other with that sign left out.
    keys: the columns of `source` that are carried along. Signs beyond the longest region name are not tried.
#}
{% macro one_sign_off(source, keys) -%}
{% set longest = 24 -%}
{{ source }}_masked as (
    {%- for place in range(1, longest + 1) %}
    {%- for mask in ['□', ''] %}
    select
        {{ keys }},
        left(wording, {{ place - 1 }}) || '{{ mask }}' || substring(wording, {{ place + 1 }}) as form
    from {{ source }}
    where substring(wording, {{ place }}, 1) <> ''
    {{ 'union' if not (loop.last and place == longest) }}
    {%- endfor %}
    {%- endfor %}
)
{%- endmacro %}
