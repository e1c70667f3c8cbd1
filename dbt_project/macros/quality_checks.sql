{#
    The checks that county staff run over the national export, each with the households that it speaks of (applies), what
    it finds fault with (is_fault: true, false, or null where an input or its limit is missing), the figure shown
    and its limit. Their words and marks: seeds/policy/quality_rules.csv.
#}
{% macro quality_checks() -%}
{%- set monitored_months = months_between('identified_month', 'eliminated_month') -%}
{%- set waited_months = months_between('identified_month', 'list_month') -%}
{%- set is_fresh = "coalesce(date_trunc('month', identified_month) = list_month, false)" -%}
{%- set no_labour = 'case when labour_count > 0 then false when unknown_labour_count = 0 then true end' -%}
{{ return({
    'Q01': {'is_fault': 'elsewhere_count > 0', 'shown': 'elsewhere_count'},
    'Q02': {'applies': 'is_standing', 'is_fault': 'risk_count = 0', 'shown': 'risk_count'},
    'Q03': {
        'applies': 'is_standing', 'shown': 'pc_net_income_cny',
        'is_fault': 'identified_month is null or risk_count = 0 or coalesce(pc_net_income_cny, 0) = 0
            or not are_guarantees_told'
    },
    'Q04': {
        'applies': "is_standing and development_text = '尚未实施'", 'shown': waited_months,
        'is_fault': waited_months ~ ' > measure_months', 'limit': 'measure_months'
    },
    'Q05': {'applies': 'has_disaster_risk', 'is_fault': 'disaster_subtype_text is null', 'shown': 'risk_count'},
    'Q06': {'applies': 'has_work_risk', 'is_fault': no_labour, 'shown': 'labour_count'},
    'Q07': {
        'applies': 'is_eliminated', 'is_fault': monitored_months ~ ' < elimination_months',
        'shown': monitored_months, 'limit': 'elimination_months'
    },
    'Q08': {
        'applies': "is_eliminated and elimination_mode = 'assisted'", 'shown': monitored_months,
        'is_fault': monitored_months ~ ' <= early_months', 'limit': 'early_months'
    },
    'Q09': {
        'applies': 'is_eliminated and has_school_risk', 'is_fault': 'not (has_education_help or has_social_help)',
        'shown': 'risk_count'
    },
    'Q10': {
        'applies': 'has_labour_risk', 'shown': 'labour_count',
        'is_fault': 'case when labour_count + unknown_labour_count < member_count then false
            when unknown_labour_count = 0 then true end'
    },
    'Q11': {
        'applies': 'has_labour_risk', 'shown': 'labour_count', 'limit': 'labour_ratio',
        'is_fault': 'case when labour_count >= labour_ratio * member_count then true
            when labour_count + unknown_labour_count < labour_ratio * member_count then false end'
    },
    'Q12': {'is_fault': 'working_student_count > 0', 'shown': 'working_student_count'},
    'Q13': {
        'is_fault': 'case when primary_age_min is null or primary_age_max is null then null
            when odd_primary_age_count > 0 then true when unknown_primary_age_count = 0 then false end',
        'shown': 'odd_primary_age_count'
    },
    'Q14': {
        'is_fault': 'case when senior_age_min is null or senior_age_max is null then null
            when odd_senior_age_count > 0 then true when unknown_senior_age_count = 0 then false end',
        'shown': 'odd_senior_age_count'
    },
    'Q15': {'applies': 'has_illness_risk', 'is_fault': 'self_pay_cny = 0', 'shown': 'self_pay_cny'},
    'Q16': {
        'applies': is_fresh, 'is_fault': 'inc_wage_cny > 0 and inc_wage_cny < wage_min', 'shown': 'inc_wage_cny',
        'limit': 'wage_min'
    },
    'Q17': {
        'applies': 'is_standing and not coalesce(is_safety_net, false)', 'is_fault': no_labour, 'shown': 'labour_count'
    },
    'Q18': {'applies': 'is_standing and has_water_risk', 'is_fault': 'not has_water_measure', 'shown': 'risk_count'},
    'Q19': {'applies': 'is_standing and has_housing_risk', 'is_fault': 'not has_housing_measure', 'shown': 'risk_count'},
    'Q20': {
        'applies': is_fresh, 'is_fault': 'pc_net_income_cny > income_max', 'shown': 'pc_net_income_cny',
        'limit': 'income_max'
    }
}) }}
{%- endmacro %}
