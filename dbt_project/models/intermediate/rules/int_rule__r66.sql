-- §4(3) 每户监测对象安排1-2名帮扶联系人,其中至少1名由县级统筹安排: on how many of the newly told days did that not hold?
{{ config(materialized='view') }}

{{ rule_of_monitored(
    'R66', 'int_help__contacts_monthly',
    is_breach='facts.breach_days > contact_breach_days_allowed.value',
    observed='facts.breach_days', unit='days',
    parameters=['contact_breach_days_allowed'], shown='contact_breach_days_allowed',
    evidence={'clause': "'§4(3)'", 'contact_count': 'contact_count', 'county_contact_count': 'county_contact_count',
        'too_few_days': 'too_few_days', 'too_many_days': 'too_many_days', 'county_missing_days': 'county_missing_days',
        'judged_days': 'judged_days', 'from_date': 'cast(helpers_told_from_date as varchar)',
        'list_end_date': 'cast(helpers_list_end_date as varchar)', 'load': 'helpers_load_id'},
    caution="case when facts.judged_days is null then 'helpers_unknown' else 'no_parameter' end"
) }}
