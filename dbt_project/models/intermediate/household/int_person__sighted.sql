{#
    Every reference to a person that any list of persons makes: the one list to extend. A staging model that joins has
    person_key (null where the list gives no number) and name_birth_key; `household` and `told` name its own columns.
#}
{{ config(materialized='view') }}
{% set tellers = [
    {'model': 'stg_register__persons', 'household': 'household_key', 'told': 'edition_date'},
    {'model': 'stg_national__monitored_persons', 'household': 'household_key', 'told': 'period_end_date'},
    {'model': 'stg_medical__self_payments', 'household': 'cast(null as varchar)', 'told': 'up_to_month'},
    {'model': 'stg_hrss__employment', 'household': 'cast(null as varchar)', 'told': 'report_month'},
    {'model': 'stg_departments__education', 'household': 'household_key', 'told': 'report_month'},
    {'model': 'stg_departments__health', 'household': 'household_key', 'told': 'report_month'},
    {'model': 'stg_departments__civil_affairs', 'household': 'household_key', 'told': 'report_month'},
    {'model': 'stg_departments__disabled', 'household': 'household_key', 'told': 'report_month'},
    {'model': 'stg_departments__police_events', 'household': 'household_key', 'told': 'event_date'},
    {'model': 'stg_departments__market_supervision', 'household': 'cast(null as varchar)', 'told': 'state_date'},
    {'model': 'stg_departments__small_loans', 'household': 'household_key', 'told': 'report_month'},
    {'model': 'stg_townships__self_reports', 'household': 'household_key', 'told': 'applied_date'}
] %}
{%- for teller in tellers %}
    select
        '{{ teller.model }}' as source_model,
        person_key,
        {{ teller.household }} as household_key,
        name_birth_key,
        {{ teller.told }} as told_date,
        load_id
    from {{ ref(teller.model) }}
    {%- if not loop.last %}
        union all
    {%- endif %}
{%- endfor %}
