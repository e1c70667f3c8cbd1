{#
    How a level that a named person set is told: in words, and as the first of a region's drivers. No name is told: the
    ledger has it under the override's id. kept: top_drivers; overrides: its row, null where there is none; judged, shown:
    rows of the seed of levels, null where the level is unknown.
#}
{% macro override_words(overrides, judged, shown) -%}
    case when {{ overrides }}.level is not null
        then concat(
            '人工调整：由', coalesce({{ judged }}.level_zh, '未知'), '调整为', {{ shown }}.level_zh, '，有效期至',
            cast({{ overrides }}.until_on as varchar), '，理由：', {{ overrides }}.reason
        )
    end
{%- endmacro %}

{% macro overridden_drivers(kept, overrides, judged, shown) -%}
    case
        when {{ overrides }}.level is null then {{ kept }}.top_drivers
        else '[' || cast(json_object(
            'dimension', 'override',
            'rule_id', 'R25',
            'subject', {{ overrides }}.override_id,
            'level', {{ overrides }}.level,
            'text_zh', {{ override_words(overrides, judged, shown) }}
        ) as varchar) || case when {{ kept }}.top_drivers = '[]' then '' else ',' end || substr({{ kept }}.top_drivers, 2)
    end
{%- endmacro %}
