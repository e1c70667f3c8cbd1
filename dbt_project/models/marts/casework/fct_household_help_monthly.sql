-- Help of each monitored household in each month: measures against risks, helpers, plan, and what is lacking.
{{ config(tags=['stage_2']) }}

with help as (
    select * from {{ ref('int_help__summary_monthly') }}
),

contacts as (
    select * from {{ ref('int_help__contacts_monthly') }}
),

final as (
    select
        help.household_key, help.as_of_date, help.period, help.village_code, help.township_code, help.county_code,
        help.prefecture_code, help.monitored_type, help.is_lifted_out, help.identified_month, help.labelled_date,
        help.has_labour, help.has_full_labour, help.has_stable_earnings,
        help.open_risk_count, help.risk_codes, help.matched_risk_count, help.unmatched_risk_count,
        help.unmatched_risk_codes,
        help.is_measure_due, help.measure_count, help.class_count, help.class_codes,
        help.development_group_count as development_count,
        help.safety_net_group_count as safety_net_count,
        help.health_group_count as health_count,
        help.education_group_count as education_count,
        help.housing_group_count as housing_count,
        help.water_group_count as water_count,
        help.mindset_group_count as mindset_count,
        help.society_group_count as society_count,
        help.bridging_fund_count,
        help.has_relief,
        help.has_plan, help.plan_number, help.at_risk_person_count, help.unhelped_person_count,
        contacts.contact_count, contacts.county_contact_count,
        contacts.judged_days as contact_judged_days,
        contacts.breach_days as contact_breach_days,
        contacts.too_few_days, contacts.too_many_days, contacts.county_missing_days,
        cast(contacts.longest_gap_days as integer) as longest_gap_days,
        contacts.helper_gaps, contacts.first_contact_date,
        cast(contacts.days_to_contact as integer) as days_to_contact,
        help.measures_list_end_date, help.helpers_list_end_date,
        nullif(concat_ws(
            ',',
            case when help.measures_load_id is null then 'measures_unknown' end,
            case when help.helpers_load_id is null then 'helpers_unknown' end,
            case when help.relief_load_id is null then 'relief_unknown' end
        ), '') as cautions,
        concat_ws(',', help.measures_load_id, help.helpers_load_id, help.relief_load_id) as source_load_ids,
        help.usable_from_date,
        help.known_at
    from help
    inner join contacts
        on help.household_key = contacts.household_key and help.as_of_date = contacts.as_of_date
)

select * from final
