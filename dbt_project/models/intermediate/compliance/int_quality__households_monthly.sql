-- The households of the national list in force in each judged month, with what the county staff's checks ask of a
-- household, and the limits of those checks in force on the day. Household facts are repeated on each person.
{%- set risks = {
    'disaster': '02%', 'illness': '01', 'work': '07', 'labour': '04', 'school': '09', 'water': '11', 'housing': '10'
} %}
with limits as (
    select * from {{ ref('int_quality__limits_monthly') }}
),

persons as (
    select
        persons.*,
        limits.primary_age_min, limits.primary_age_max, limits.senior_age_min, limits.senior_age_max,
        persons.monitored_type is not null and not coalesce(persons.is_risk_eliminated, false) as is_standing
    from {{ ref('int_quality__persons_monthly') }} as persons
    left join limits on persons.as_of_date = limits.as_of_date
),

texts as (
    select
        household_key, as_of_date,
        unnest([risk_1_text, risk_2_text, risk_3_text, risk_4_text, risk_5_text]) as risk_text
    from persons
),

risks as (
    select
        told.household_key, told.as_of_date,
        {%- for name, code in risks.items() %}
            bool_or(coalesce(named.risk_code, '99') like '{{ code }}') as has_{{ name }}_risk,
        {%- endfor %}
        count(distinct told.risk_text) as risk_count
    from texts as told
    left join {{ ref('int_household__risk_texts') }} as named on told.risk_text = named.risk_text
    where told.risk_text is not null
    group by told.household_key, told.as_of_date
),

measures as (
    select
        months.as_of_date, measures.household_key,
        bool_or(measures.measure_class = '饮水帮扶') as has_water_measure,
        bool_or(measures.measure_class in ('住房帮扶', '搬迁帮扶')) as has_housing_measure
    from {{ ref('stg_assistance__measures') }} as measures
    inner join {{ ref('int_household__judged_months') }} as months
        on measures.usable_from_date <= months.as_of_date
    group by months.as_of_date, measures.household_key
),

households as (
    select
        household_key, as_of_date, max(list_month) as list_month, max(village_code) as village_code,
        bool_or(is_standing) as is_standing, min(identified_month) as identified_month,
        bool_or(coalesce(is_risk_eliminated, false)) as is_eliminated, min(eliminated_month) as eliminated_month,
        min(elimination_mode) as elimination_mode, min(pc_net_income_cny) as pc_net_income_cny,
        min(inc_wage_cny) as inc_wage_cny, max(compliant_self_pay_cny) as self_pay_cny,
        max(disaster_subtype_text) as disaster_subtype_text, min(development_measures_text) as development_text,
        bool_or(is_safety_net_household) as is_safety_net, bool_or(has_education_help) as has_education_help,
        bool_or(has_social_help) as has_social_help,
        count(is_education_assured) = count(*) and count(is_medical_assured) = count(*)
        and count(is_housing_safe) = count(*) and count(is_water_safe) = count(*) as are_guarantees_told,
        count(*) as member_count, count(*) filter (where has_labour) as labour_count,
        count(*) filter (where has_labour is null) as unknown_labour_count,
        count(*) filter (where is_elsewhere) as elsewhere_count,
        count(*) filter (where is_student and is_employed) as working_student_count,
        {%- for name, flag in {'primary': 'is_pupil', 'senior': 'is_senior_pupil'}.items() %}
            count(*) filter (where {{ flag }} and floor(age_months / 12) < {{ name }}_age_min)
            + count(*) filter (where {{ flag }} and floor(age_months / 12) > {{ name }}_age_max)
                as odd_{{ name }}_age_count,
            count(*) filter (where {{ flag }} and age_months is null) as unknown_{{ name }}_age_count,
        {%- endfor %}
        max(usable_from_date) as usable_from_date, max(known_at) as known_at
    from persons
    group by household_key, as_of_date
),

final as (
    select
        households.*, limits.* exclude (as_of_date),
        {%- for name in risks %}
            coalesce(risks.has_{{ name }}_risk, false) as has_{{ name }}_risk,
        {%- endfor %}
        coalesce(risks.risk_count, 0) as risk_count,
        coalesce(measures.has_water_measure, false) as has_water_measure,
        coalesce(measures.has_housing_measure, false) as has_housing_measure
    from households
    left join limits using (as_of_date)
    left join risks using (household_key, as_of_date)
    left join measures using (household_key, as_of_date)
)

select * from final
