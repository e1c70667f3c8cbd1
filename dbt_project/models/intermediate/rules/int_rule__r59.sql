-- §4(2) 对风险复杂多样的,综合施策: for two or more risks, are there classes enough, and is none of the risks left unanswered?
{{ config(materialized='view') }}

{{ rule_of_monitored(
    'R59', 'int_help__summary_monthly',
    applies='facts.open_risk_count > 1 and facts.is_measure_due',
    is_breach='facts.class_count < multi_risk_classes_min.value or facts.unmatched_risk_count > 0',
    observed='facts.class_count', unit='classes',
    parameters=['multi_risk_classes_min'], shown='multi_risk_classes_min',
    evidence={'clause': "'§4(2)'", 'unmatched_risks': 'unmatched_risk_codes',
        'measures': 'class_codes', 'risks': 'risk_codes', 'identified_month': 'cast(identified_month as varchar)',
        'list_end_date': 'cast(measures_list_end_date as varchar)', 'load': 'measures_load_id'},
    caution="case when facts.measures_load_id is null then 'measures_unknown' else 'no_parameter' end"
) }}
