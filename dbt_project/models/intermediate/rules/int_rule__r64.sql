-- §4(3) 帮扶责任人和联系人不脱钩,及时调整到位: was a helper who left followed in time? Every departure that the list in
-- force tells of counts, until someone follows.
{{ config(materialized='view') }}

{{ rule_of_monitored(
    'R64', 'int_help__contacts_monthly',
    applies='facts.has_ever_had_helper',
    is_breach='facts.longest_gap_days > helper_gap_days.value',
    observed='facts.longest_gap_days', unit='days',
    parameters=['helper_gap_days'], shown='helper_gap_days',
    evidence={'clause': "'§4(3)'", 'helper_gaps': 'helper_gaps', 'list_end_date': 'cast(helpers_list_end_date as varchar)',
        'load': 'helpers_load_id'},
    caution="case when facts.helpers_load_id is null then 'helpers_unknown' else 'no_parameter' end"
) }}
