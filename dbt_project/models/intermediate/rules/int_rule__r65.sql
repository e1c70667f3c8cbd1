-- §4(3) 对新识别的边缘易致贫户和突发严重困难户,及时安排帮扶联系人: how many days from the label to the first contact?
-- A household that still waits, but not yet for too long, is not judged.
{{ config(materialized='view') }}

{{ rule_of_monitored(
    'R65', 'int_help__contacts_monthly',
    applies="case
        when facts.monitored_type not in ('marginal', 'sudden_hardship') then false
        when " ~ months_between('facts.identified_month', 'facts.as_of_date') ~ " > newly_identified_months.value
            then false
        when facts.monitored_type is null or newly_identified_months.value is null then null
        else facts.helpers_load_id is null or facts.labelled_date is null or facts.first_contact_date is not null
            or coalesce(facts.days_to_contact > contact_assignment_days.value, true)
    end",
    is_breach='case when facts.helpers_load_id is not null
        then facts.days_to_contact > contact_assignment_days.value end',
    observed='facts.days_to_contact', unit='days',
    parameters=['newly_identified_months', 'contact_assignment_days'], shown='contact_assignment_days',
    evidence={'clause': "'§4(3)'", 'labelled_date': 'cast(labelled_date as varchar)',
        'first_contact_date': 'cast(first_contact_date as varchar)',
        'list_end_date': 'cast(helpers_list_end_date as varchar)', 'load': 'helpers_load_id'},
    caution="case when facts.helpers_load_id is null then 'helpers_unknown'
        when facts.labelled_date is null then 'label_date_unknown' else 'no_parameter' end"
) }}
