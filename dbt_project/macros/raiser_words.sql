{# Who raised a region, over the rows of int_level__raisers_daily: the first three by name, and what the first says. #}
{% macro raiser_words() -%}
    '由下级推高：' || string_agg(
        raiser_name || '（' || raiser_level_zh || coalesce('，脆弱户' || vulnerable_household_count || '户', '') || '）',
        '、' order by raiser_order
    ) filter (where raiser_order <= 3) || case when max(raiser_count) > 3 then '等' || max(raiser_count) || '个地区' else '' end
    || coalesce('。' || max(case when raiser_order = 1 then raiser_name || '：' || text_zh end), '')
{%- endmacro %}

{# The list of drivers with those who raised the region before them. #}
{% macro raised_drivers(raisers, own) -%}
    case
        when {{ raisers }}.text_zh is null then coalesce({{ own }}.top_drivers, '[]')
        else '[' || cast(json_object(
            'dimension', 'children', 'rule_id', 'R25', 'subject', 'children', 'level', {{ raisers }}.level,
            'observed_value', {{ raisers }}.raiser_count, 'unit', 'regions', 'text_zh', {{ raisers }}.text_zh
        ) as varchar) || coalesce(',' || substr({{ own }}.top_drivers, 2), ']')
    end
{%- endmacro %}
