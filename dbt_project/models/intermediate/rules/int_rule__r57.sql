-- §4(2) 因人因户精准施策,实行分层分类帮扶: is each open risk answered by at least one measure in force of a class that can
-- answer it? Not asked while the first measure is not due.
{{ config(materialized='view') }}

{{ rule_of_monitored(
    'R57', 'int_help__summary_monthly',
    applies='facts.open_risk_count > 0 and facts.is_measure_due',
    is_breach='facts.unmatched_risk_count > 0',
    observed='facts.unmatched_risk_count', unit='risks',
    evidence={'clause': "'§4(2)'", 'unmatched_risks': 'unmatched_risk_codes',
        'measures': 'class_codes', 'risks': 'risk_codes', 'identified_month': 'cast(identified_month as varchar)',
        'list_end_date': 'cast(measures_list_end_date as varchar)', 'load': 'measures_load_id'},
    caution="case when facts.measures_load_id is null then 'measures_unknown' else 'no_parameter' end"
) }}
