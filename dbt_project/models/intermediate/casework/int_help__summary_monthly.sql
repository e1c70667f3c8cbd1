-- What is done for each monitored household against what threatens it, in one row: open risks, measures in force by
-- kind, risks that none of them answers, the plan, and members at risk without a measure of their own.
with households as (
    select * from {{ ref('int_help__households_monthly') }}
),

measures as (
    select
        household_key,
        as_of_date,
        {%- for group_code in [
            'development', 'safety_net', 'health', 'education', 'housing', 'water', 'mindset', 'society'
        ] %}
            cast(count(*) filter (where is_in_force and group_code = '{{ group_code }}') as integer)
                as {{ group_code }}_group_count,
        {%- endfor %}
        cast(count(*) filter (where is_in_force) as integer) as measure_count,
        cast(count(distinct class_code) filter (where is_in_force) as integer) as class_count,
        string_agg(distinct class_code, ',' order by class_code) filter (where is_in_force) as class_codes,
        cast(count(*) filter (where is_in_force and is_development) as integer) as development_count,
        cast(count(*) filter (where is_in_force and is_safety_net) as integer) as safety_net_count,
        cast(count(*) filter (where is_in_force and is_motivation) as integer) as motivation_count,
        cast(count(*) filter (where is_in_force and is_from_bridging_fund) as integer) as bridging_fund_count,
        max(plan_number) filter (where measure_status <> 'broken_off') as plan_number
    from {{ ref('int_help__measures_monthly') }}
    group by household_key, as_of_date
),

risks as (
    select
        household_key,
        as_of_date,
        cast(count(*) as integer) as open_risk_count,
        cast(count(*) filter (where is_matched) as integer) as matched_risk_count,
        cast(count(*) filter (where not is_matched) as integer) as unmatched_risk_count,
        string_agg(risk_code, ',' order by risk_code) as risk_codes,
        string_agg(risk_code, ',' order by risk_code) filter (where not is_matched) as unmatched_risk_codes
    from {{ ref('int_help__risk_matches_monthly') }}
    group by household_key, as_of_date
),

persons as (
    select
        household_key,
        as_of_date,
        cast(count(*) as integer) as at_risk_person_count,
        cast(count(*) filter (where measure_count = 0) as integer) as unhelped_person_count
    from {{ ref('int_help__persons_monthly') }}
    group by household_key, as_of_date
),

relief as (
    select distinct households.household_key, households.as_of_date
    from households
    inner join {{ ref('stg_departments__civil_affairs') }} as reliefs
        on households.household_key = reliefs.household_key and households.relief_load_id = reliefs.load_id
    where reliefs.relief_kind in ('低保', '特困供养', '临时救助') and reliefs.relief_status <> '停发'
),

final as (
    select
        households.*,
        {%- for column in [
            'measure_count', 'class_count', 'development_count', 'safety_net_count', 'motivation_count',
            'bridging_fund_count', 'development_group_count', 'safety_net_group_count', 'health_group_count',
            'education_group_count', 'housing_group_count', 'water_group_count', 'mindset_group_count',
            'society_group_count'
        ] %}
            case when households.measures_load_id is not null then coalesce(measures.{{ column }}, 0) end
                as {{ column }},
        {%- endfor %}
        measures.class_codes,
        measures.plan_number,
        case when households.measures_load_id is not null then measures.plan_number is not null end as has_plan,
        coalesce(risks.open_risk_count, 0) as open_risk_count,
        case when households.measures_load_id is not null then coalesce(risks.matched_risk_count, 0) end
            as matched_risk_count,
        case when households.measures_load_id is not null then coalesce(risks.unmatched_risk_count, 0) end
            as unmatched_risk_count,
        risks.risk_codes,
        risks.unmatched_risk_codes,
        coalesce(persons.at_risk_person_count, 0) as at_risk_person_count,
        -- without a medical list nobody is named, and who is at risk is not known
        case
            when households.measures_load_id is not null and households.is_self_pay_told
                then coalesce(persons.unhelped_person_count, 0)
        end as unhelped_person_count,
        case when households.relief_load_id is not null then relief.household_key is not null end as has_relief
    from households
    left join measures using (household_key, as_of_date)
    left join risks using (household_key, as_of_date)
    left join persons using (household_key, as_of_date)
    left join relief using (household_key, as_of_date)
)

select * from final
