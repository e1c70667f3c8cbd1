{#
    What is known of a household at the end of each judged month, from the newest of every source that could be used by
    then; an income statement or a guarantee that is too old leaves its figures unknown. Every regional and household
    rule starts here. Statements are joined by their span, not by month: that table would be as long as this one.
#}
{{ config(materialized='by_month') }}

{%- set guarantees = ['has_food', 'has_clothing', 'is_education_assured', 'is_medical_assured', 'is_housing_safe',
    'is_water_safe'] %}
{%- set composition = ['listed_member_count', 'labour_count', 'present_count', 'head_count', 'unknown_relation_count',
    'able_count', 'weak_count', 'unknown_labour_count'] %}
{%- set figures = ['inc_wage_cny', 'inc_grain_gross_cny', 'inc_fruit_gross_cny', 'inc_hog_gross_cny',
    'inc_other_business_gross_cny', 'business_cost_cny', 'inc_property_cny', 'inc_transfer_cny', 'claims_income_cny',
    'net_income_cny', 'previous_net_income_cny', 'previous_income_to_month', 'change_reason_text'] %}
{%- set monthly = {'lists': 'int_household__county_lists', 'monitored': 'int_household__monitored_monthly',
    'self_pay': 'int_household__self_pay_monthly', 'employment': 'int_household__employment_monthly'} %}
{%- set spans = {'income': 'int_household__income_statements', 'compositions': 'int_household__compositions'} %}
{%- set income_age = months_between('income.income_to_month', 'registered.as_of_date') %}
{%- set is_income_recent = income_age ~ ' <= registered.income_max_age' %}
with months as (
    select
        months.as_of_date, months.period, guarantee_age.value as guarantee_max_age, income_age.value as income_max_age
    from {{ ref('int_household__judged_months') }} as months
    left join {{ thresholds_of('guarantee_max_age') }} as guarantee_age
        on {{ in_force_on('guarantee_age', 'months.as_of_date') }}
    left join {{ thresholds_of('income_max_age') }} as income_age
        on {{ in_force_on('income_age', 'months.as_of_date') }}
    where {{ is_judged_month('months.as_of_date') }}
),

registered as (
    select
        registrations.*, months.as_of_date, months.period, months.income_max_age,
        {{ months_between('registrations.edition_date', 'months.as_of_date') }} <= months.guarantee_max_age
            as is_guarantee_recent
    from months
    inner join {{ ref('int_household__registrations') }} as registrations
        on months.as_of_date >= registrations.valid_from_date and months.as_of_date < registrations.valid_until_date
    where {{ speaks_in_judged_month('registrations') }}
),

{% for name, model in dict(monthly, **spans).items() -%}
    {{ name }} as (
        select * from {{ ref(model) }} as told
        where {{ is_judged_month('told.as_of_date') if name in monthly else speaks_in_judged_month('told') }}
    ),

{% endfor -%}
final as (
    select
        registered.household_key, registered.as_of_date, registered.period, registered.village_code,
        registered.township_code, registered.county_code, registered.prefecture_code,
        registered.household_type = 'lifted_out' as is_lifted_out,
        case when lists.national_load_id is not null then coalesce(monitored.is_monitored, false) end as is_monitored,
        monitored.monitored_type, monitored.identified_month,
        registered.household_type = 'lifted_out' or coalesce(monitored.is_monitored, false) as is_vulnerable,
        registered.member_count,
        {%- for column in figures %}
            case when {{ is_income_recent }} then income.{{ column }} end as {{ column }},
        {%- endfor %}
        income.income_to_month, cast({{ income_age }} as integer) as income_age_months,
        case when {{ is_income_recent }} then income.income_basis else 'unknown' end as income_basis,
        cast(case
            when {{ is_income_recent }} then round(income.net_income_cny / registered.member_count, 2)
        end as decimal(18, 2)) as pc_net_income_cny,
        cast(case when lists.is_self_pay_complete then coalesce(self_pay.self_pay_12m_cny, 0) end as decimal(18, 2))
            as self_pay_12m_cny,
        cast(case
            when lists.self_pay_list_month is not null then coalesce(self_pay.self_pay_to_date_cny, 0)
        end as decimal(18, 2)) as self_pay_to_date_cny,
        {%- for column in guarantees %}
            case when registered.is_guarantee_recent then registered.{{ column }} end as {{ column }},
        {%- endfor %}
        registered.edition_date as guarantee_date, registered.housing_grade, registered.relocation_site_code,
        {%- for column in composition %}
            compositions.{{ column }},
        {%- endfor %}
        employment.listed_labour_count, employment.employed_count, employment.lost_work_count,
        registered.usable_from_date as register_usable_from_date, income.usable_from_date as income_usable_from_date,
        lists.self_pay_usable_from_date, lists.employment_usable_from_date,
        greatest(registered.usable_from_date, income.usable_from_date, lists.usable_from_date) as usable_from_date,
        greatest(registered.known_at, income.known_at, lists.known_at) as known_at,
        concat_ws(',', registered.load_id, nullif(income.load_id, registered.load_id), lists.load_ids)
            as source_load_ids
    from registered
    left join lists using (county_code, as_of_date)
    {%- for name in ['monitored', 'self_pay', 'employment'] %}
        left join {{ name }} using (household_key, as_of_date)
    {%- endfor %}
    {%- for name in spans %}
        left join {{ name }}
            on
                registered.household_key = {{ name }}.household_key
                and registered.as_of_date >= {{ name }}.valid_from_date
                and registered.as_of_date < {{ name }}.valid_until_date
    {%- endfor %}
)

select * from final
