-- §4(2) 对风险单一的,实施单项帮扶,防止陷入福利陷阱: more classes of measure than one for a single risk. To be looked at, no
-- fault: a household that can work is owed a development measure besides (R60).
{{ config(materialized='view') }}

{{ rule_of_monitored(
    'R58', 'int_help__summary_monthly',
    applies='facts.open_risk_count = 1',
    is_breach='facts.class_count > single_risk_classes_max.value',
    observed='facts.class_count', unit='classes',
    parameters=['single_risk_classes_max'], shown='single_risk_classes_max',
    evidence={'clause': "'§4(2)'", 'development_count': 'development_count',
        'measures': 'class_codes', 'risks': 'risk_codes', 'identified_month': 'cast(identified_month as varchar)',
        'list_end_date': 'cast(measures_list_end_date as varchar)', 'load': 'measures_load_id'},
    caution="case when facts.measures_load_id is null then 'measures_unknown' else 'no_parameter' end"
) }}
