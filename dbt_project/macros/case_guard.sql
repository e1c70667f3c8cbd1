{#
    The cases of which a clause on one ladder does not speak, and those whose steps nobody has delivered: the first
    branches of every such rule's status. An application declined never came to the ladder.
#}
{% macro case_guard(case_kind) -%}
    when case_kind <> '{{ case_kind }}' then 'not_applicable'
            {%- if case_kind == 'inclusion' %}
            when case_origin = 'application' and case_state = 'ended' then 'not_applicable'
            {%- endif %}
            when not has_procedure then 'unknown'
{%- endmacro %}
