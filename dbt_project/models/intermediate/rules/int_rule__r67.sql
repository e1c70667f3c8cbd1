-- §4(3) 一户一方案、一人一措施: has the household a plan, and each member whom a list names as at risk a measure?
{{ config(materialized='view') }}

{{ rule_of_monitored(
    'R67', 'int_help__summary_monthly',
    applies='facts.is_measure_due',
    is_breach='not facts.has_plan or facts.unhelped_person_count > 0',
    observed='facts.unhelped_person_count', unit='persons',
    evidence={'clause': "'§4(3)'", 'has_plan': 'has_plan', 'plan_number': 'plan_number',
        'at_risk_persons': 'at_risk_person_count', 'unhelped_persons': 'unhelped_person_count',
        'measures': 'class_codes', 'risks': 'risk_codes', 'identified_month': 'cast(identified_month as varchar)',
        'list_end_date': 'cast(measures_list_end_date as varchar)', 'load': 'measures_load_id'},
    caution="case when facts.measures_load_id is null then 'measures_unknown'
        when facts.unhelped_person_count is null then 'self_pay_unknown' else 'no_parameter' end"
) }}
