{# Words for the drivers of a level: a ratio as a percentage with one decimal; a named fact from a finding's evidence. #}
{% macro percent_text(column) -%}
    cast(cast(round(100 * {{ column }}, 1) as decimal(18, 1)) as varchar) || '%'
{%- endmacro %}

{% macro evidence_text(relation, name) -%}
    json_extract_string({{ relation }}.evidence, '$.{{ name }}')
{%- endmacro %}

{#
    What a hazard rule says after its hazard's name: a loss by its measure, else the episode of a warning (R12, R13) or of
    an event, with those in its way.
#}
{% macro hazard_text(relation) -%}
    case {{ evidence_text(relation, 'measure') }}
        when 'households'
            then '灾情：受灾' || {{ evidence_text(relation, 'losses.hit_household_count') }} || '户，占登记农户'
                || {{ percent_text(relation ~ '.observed_value') }}
        when 'no_harvest'
            then '灾情：绝收' || {{ evidence_text(relation, 'losses.no_harvest_mu') }} || '亩，占种植面积'
                || {{ percent_text(relation ~ '.observed_value') }}
        else case when {{ relation }}.rule_id in ('R12', 'R13') then '预警过程' else '影响过程' end
            || coalesce('，受影响脆弱户' || {{ relation }}.exposed_household_count || '户', '')
            || coalesce('，占脆弱户' || {{ percent_text(relation ~ '.observed_value') }}, '')
    end
{%- endmacro %}
