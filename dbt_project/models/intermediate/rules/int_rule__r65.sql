-- §4(3) 对新识别的边缘易致贫户和突发严重困难户,及时安排帮扶联系人: how many days from the label to the first contact?
-- A household that still waits, but not yet for too long, is not judged.
{{ config(materialized='view') }}

{{ rule_of_monitored(
    'R65', 'int_help__contacts_monthly',
    applies="facts.monitored_type in ('marginal', 'sudden_hardship')
        and " ~ months_between('facts.identified_month', 'facts.as_of_date') ~ " <= newly_identified_months.value
        and (facts.first_contact_date is not null or facts.days_to_contact > contact_assignment_days.value)",
    is_breach='facts.days_to_contact > contact_assignment_days.value',
    observed='facts.days_to_contact', unit='days',
    parameters=['newly_identified_months', 'contact_assignment_days'], shown='contact_assignment_days',
    evidence={'clause': "'§4(3)'", 'labelled_date': 'cast(labelled_date as varchar)',
        'first_contact_date': 'cast(first_contact_date as varchar)',
        'list_end_date': 'cast(helpers_list_end_date as varchar)', 'load': 'helpers_load_id'},
    caution="case when facts.helpers_load_id is null then 'helpers_unknown'
        when facts.labelled_date is null then 'label_date_unknown' else 'no_parameter' end"
) }}
