-- §4(2) 对无劳动能力或部分丧失劳动能力且无法通过产业就业获得稳定收入的,做好兜底保障: is there a safety net, as a measure in force
-- or on the civil affairs list? Nobody with labour: always asked (as §3(3) does); weak labour: without stable earnings.
{{ config(materialized='view') }}

{{ rule_of_monitored(
    'R61', 'int_help__summary_monthly',
    applies='(not facts.has_labour or (not facts.has_full_labour and not facts.has_stable_earnings))
        and facts.is_measure_due',
    is_breach='facts.safety_net_count = 0 and not facts.has_relief',
    observed='facts.safety_net_count', unit='measures',
    evidence={'clause': "'§4(2)'", 'has_labour': 'has_labour', 'has_relief': 'has_relief',
        'has_stable_earnings': 'has_stable_earnings', 'relief_load': 'relief_load_id',
        'measures': 'class_codes', 'risks': 'risk_codes', 'identified_month': 'cast(identified_month as varchar)',
        'list_end_date': 'cast(measures_list_end_date as varchar)', 'load': 'measures_load_id'},
    caution="case when facts.measures_load_id is null then 'measures_unknown'
        when facts.has_relief is null then 'relief_unknown' else 'labour_unknown' end"
) }}
