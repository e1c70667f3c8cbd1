{#
    Where each feed of the seed department_triggers is staged, and how: the day that a row speaks of (its threshold is
    the one in force then), the day from which it may be used, whose it is, and the columns that a trigger may name,
    by kind, under their landed names. is_list: a list comes again and repeats what still stands.
    tests/department_triggers_ask_for_known_columns.sql fails where the seed names something else.
#}
{% macro trigger_feeds() -%}
    {%- set list = {'day': 'period_end_date', 'usable': 'usable_from_date', 'is_list': true} -%}
    {%- set event = {'usable': 'row_usable_from_date', 'is_list': false} -%}
    {%- set person = {'person': 'person_key', 'household': 'household_key'} -%}
    {%- set house = {'person': 'cast(null as varchar)', 'household': 'household_key'} -%}
    {%- set listed_person = {'person': 'person_key', 'household': 'cast(null as varchar)'} -%}
    {{ return({
        'medical_insurance': dict(list, model='stg_medical__self_payments', day='last_day(up_to_month)',
            numbers={'compliant_self_pay_cny': 'self_pay_to_date_cny',
                'outpatient_chronic_month_cny': 'outpatient_chronic_month_cny'}, **listed_person),
        'education': dict(list, model='stg_departments__education',
            numbers={'self_paid_fee_cny': 'self_paid_fee_cny'},
            words={'enrolment_status': 'enrolment_status', 'school_stage': 'school_stage'}, **person),
        'health': dict(list, model='stg_departments__health',
            flags={'is_new': 'is_new', 'is_serious_illness': 'is_serious_illness'}, **person),
        'civil_affairs': dict(list, model='stg_departments__civil_affairs',
            words={'relief_status': 'relief_status', 'stop_reason': 'stop_reason'}, **person),
        'disabled': dict(list, model='stg_departments__disabled',
            numbers={'disability_level_number': 'disability_level_number'}, flags={'is_new': 'is_new'}, **person),
        'housing': dict(list, model='stg_departments__housing',
            words={'housing_grade': 'housing_grade', 'damage_kind': 'damage_kind'}, **house),
        'water': dict(list, model='stg_departments__water', flags={'is_water_safe': 'is_water_safe'}, **house),
        'hrss_employment': dict(list, model='stg_hrss__employment',
            numbers={'wage_arrears_cny': 'wage_arrears_cny'}, words={'employment_status': 'employment_status_text'},
            flags={'is_unemployment_registered': 'is_unemployment_registered'}, **listed_person),
        'police_events': dict(event, model='stg_departments__police_events', day='event_date',
            words={'event_kind': 'event_kind', 'accident_severity': 'accident_severity'},
            flags={'is_main_earner': 'is_main_earner'}, **person),
        'emergency_losses': dict(event, model='stg_departments__emergency_losses', day='stated_date',
            numbers={'direct_loss_cny': 'direct_loss_cny'}, words={'house_damage': 'house_damage'}, **house),
        'market_supervision': dict(event, model='stg_departments__market_supervision',
            day='state_date', words={'company_status': 'company_status'}, **listed_person),
        'small_loans': dict(list, model='stg_departments__small_loans',
            numbers={'overdue_days': 'overdue_days'}, **person),
        'petitions_hotline': dict(event, model='stg_clues__petitions_hotline', day='state_date',
            words={'clue_status': 'clue_status'}, **house)
    }) }}
{%- endmacro %}
