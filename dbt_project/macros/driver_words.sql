{# Words for the drivers of a level: a ratio as a percentage with one decimal; a named fact from a finding's evidence. #}
{% macro percent_text(column) -%}
    cast(cast(round(100 * {{ column }}, 1) as decimal(18, 1)) as varchar) || '%'
{%- endmacro %}

{% macro evidence_text(relation, name) -%}
    json_extract_string({{ relation }}.evidence, '$.{{ name }}')
{%- endmacro %}

{# Failing projects (R21) and lost links (R22), by the vulnerable households behind them. #}
{% macro link_words(relation) -%}
    case {{ relation }}.rule_id
        when 'R21' then '产业项目失败或拖欠分红' || {{ evidence_text(relation, 'carrier_count') }} || '个'
        else '近' || {{ evidence_text(relation, 'window_days') }} || '日带动断链'
            || {{ evidence_text(relation, 'hit_link_count') }} || '条'
    end || '，涉及脆弱户' || {{ relation }}.exposed_household_count || '户'
    || coalesce('，占脆弱户' || {{ percent_text(relation ~ '.observed_value') }}, '')
{%- endmacro %}

{# Work (R23) and integration (R24) on resettlement sites. #}
{% macro site_words(relation) -%}
    case {{ relation }}.rule_id
        when 'R24'
            then '集中安置区社区融入指数'
                || coalesce(cast(cast({{ relation }}.observed_value as decimal(18, 1)) as varchar), '不明')
                || '，实际入住' || coalesce({{ evidence_text(relation, 'occupied_household_count') }}, '不明')
                || '户（共' || {{ relation }}.exposed_household_count || '户）'
                || coalesce('，物业费欠缴' || {{ evidence_text(relation, 'fee_arrears_household_count') }} || '户', '')
                || coalesce('，投诉信访' || {{ evidence_text(relation, 'complaint_count') }} || '件', '')
        else '集中安置区劳动力' || {{ evidence_text(relation, 'labour_count') }} || '人中就业'
            || {{ evidence_text(relation, 'employed_count') }}
            || '人，零就业超30天' || {{ evidence_text(relation, 'zero_employment_over_30d_count') }} || '户'
    end
{%- endmacro %}

{# New hardship (R25), and what lifts it: a month that was unusual for its season, or a cluster. #}
{% macro distress_words(relation) -%}
    '近' || {{ evidence_text(relation, 'window_days') }} || '日新增困难户'
    || {{ evidence_text(relation, 'new_count') }} || '户，此前' || {{ evidence_text(relation, 'window_days') }}
    || '日' || {{ evidence_text(relation, 'previous_count') }} || '户'
    || coalesce('，脆弱户共' || {{ relation }}.vulnerable_household_count || '户', '')
    || case
        when cast({{ evidence_text(relation, 'lift_ranks') }} as double) > 0
            then case {{ evidence_text(relation, 'unusual_by') }}
                when 'cluster' then '；截至上月末所在片区新增明显偏多，为' else '；上月新增明显多于往年同期，为'
            end || {{ evidence_text(relation, 'unusual_count') }} || '户，预期'
                || {{ evidence_text(relation, 'unusual_expected_count') }} || '户，上调'
                || cast(cast({{ evidence_text(relation, 'lift_ranks') }} as double) as integer) || '级'
        else ''
    end
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

{# Whom a shock would bring into one of the three types at worst (int_level__crossings_daily), where a level asks. #}
{% macro crossing_words(relation) -%}
    coalesce(
        '；按最重情形估算，至多' || {{ relation }}.possible_household_count || '户会跌破监测线或收入骤减' || case
            when not {{ relation }}.is_large
                then '，不足' || {{ relation }}.needed_household_count || '户，达不到规模：本项虽为'
                    || {{ relation }}.held_level_zh || '，按黄色计入等级'
            else ''
        end, ''
    )
{%- endmacro %}
