{#
    What is known of a household at the end of each judged month, from the newest of every source that could be used by
    then. Every regional and household rule starts here.
#}
{%- set guarantees = ['has_food', 'has_clothing', 'is_education_assured', 'is_medical_assured', 'is_housing_safe',
    'is_water_safe'] %}
{%- set composition = ['listed_member_count', 'labour_count', 'present_count', 'head_count', 'unknown_relation_count',
    'able_count', 'weak_count', 'unknown_labour_count'] %}
with registered as (
    select
        registrations.*,
        months.as_of_date,
        months.period,
        {{ months_between('registrations.edition_date', 'months.as_of_date') }} <= max_age.value as is_guarantee_recent
    from {{ ref('int_household__judged_months') }} as months
    inner join {{ ref('int_household__registrations') }} as registrations
        on months.as_of_date >= registrations.valid_from_date and months.as_of_date < registrations.valid_until_date
    left join {{ thresholds_of('guarantee_max_age') }} as max_age
        on {{ in_force_on('max_age', 'months.as_of_date') }}
),

income as (
    select * from {{ ref('int_household__income_monthly') }}
),

compositions as (
    select * from {{ ref('int_household__compositions') }}
),

lists as (
    select * from {{ ref('int_household__county_lists') }}
),

monitored as (
    select * from {{ ref('int_household__monitored_monthly') }}
),

self_pay as (
    select * from {{ ref('int_household__self_pay_monthly') }}
),

employment as (
    select * from {{ ref('int_household__employment_monthly') }}
),

final as (
    select
        registered.household_key,
        registered.as_of_date,
        registered.period,
        registered.village_code,
        registered.township_code,
        registered.county_code,
        registered.prefecture_code,
        registered.household_type = 'lifted_out' as is_lifted_out,
        case when lists.national_load_id is not null then coalesce(monitored.is_monitored, false) end as is_monitored,
        monitored.monitored_type,
        monitored.identified_month,
        registered.household_type = 'lifted_out' or coalesce(monitored.is_monitored, false) as is_vulnerable,
        registered.member_count,
        income.* exclude (household_key, as_of_date, usable_from_date, load_id, known_at, income_basis),
        coalesce(income.income_basis, 'unknown') as income_basis,
        cast(round(income.net_income_cny / registered.member_count, 2) as decimal(18, 2)) as pc_net_income_cny,
        case when lists.is_self_pay_complete then coalesce(self_pay.self_pay_12m_cny, 0) end as self_pay_12m_cny,
        case when lists.self_pay_list_month is not null then coalesce(self_pay.self_pay_to_date_cny, 0) end
            as self_pay_to_date_cny,
        {%- for column in guarantees %}
            case when registered.is_guarantee_recent then registered.{{ column }} end as {{ column }},
        {%- endfor %}
        registered.edition_date as guarantee_date,
        registered.housing_grade,
        registered.relocation_site_code,
        {%- for column in composition %}
            compositions.{{ column }},
        {%- endfor %}
        employment.listed_labour_count,
        employment.employed_count,
        employment.lost_work_count,
        registered.usable_from_date as register_usable_from_date,
        income.usable_from_date as income_usable_from_date,
        lists.self_pay_usable_from_date,
        lists.employment_usable_from_date,
        greatest(registered.usable_from_date, income.usable_from_date, lists.usable_from_date) as usable_from_date,
        greatest(registered.known_at, income.known_at, lists.known_at) as known_at,
        concat_ws(',', registered.load_id, nullif(income.load_id, registered.load_id), lists.load_ids)
            as source_load_ids
    from registered
    left join income using (household_key, as_of_date)
    left join lists using (county_code, as_of_date)
    left join monitored using (household_key, as_of_date)
    left join self_pay using (household_key, as_of_date)
    left join employment using (household_key, as_of_date)
    left join compositions
        on
            registered.household_key = compositions.household_key
            and registered.as_of_date >= compositions.valid_from_date
            and registered.as_of_date < compositions.valid_until_date
)

select * from final
