-- §4(2) 对有劳动能力的,通过产业就业创业开发式帮扶: has a household that can work at least one development measure? One with
-- only weak labour and no stable earnings is R61's.
{{ config(materialized='view') }}

{{ rule_of_monitored(
    'R60', 'int_help__summary_monthly',
    applies='facts.has_labour and (facts.has_full_labour or facts.has_stable_earnings)
        and facts.is_measure_due',
    is_breach='facts.development_count = 0',
    observed='facts.development_count', unit='measures',
    evidence={'clause': "'§4(2)'", 'has_full_labour': 'has_full_labour', 'has_stable_earnings': 'has_stable_earnings',
        'measures': 'class_codes', 'risks': 'risk_codes', 'identified_month': 'cast(identified_month as varchar)',
        'list_end_date': 'cast(measures_list_end_date as varchar)', 'load': 'measures_load_id'},
    caution="case when facts.measures_load_id is null then 'measures_unknown' else 'labour_unknown' end"
) }}
