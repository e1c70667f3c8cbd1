{#
    What is known of a household at the end of each judged month, from the newest of every source that could be used by
    then. Every regional and household rule starts here.
#}
{%- set components = [
    'inc_wage_cny', 'inc_grain_gross_cny', 'inc_fruit_gross_cny', 'inc_hog_gross_cny', 'inc_other_business_gross_cny',
    'business_cost_cny', 'inc_property_cny', 'inc_transfer_cny', 'claims_income_cny', 'net_income_cny',
    'previous_net_income_cny', 'previous_income_to_month', 'change_reason_text'
] %}
{%- set guarantees = [
    'has_food', 'has_clothing', 'is_education_assured', 'is_medical_assured', 'is_housing_safe', 'is_water_safe'
] %}
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

statements as (
    select
        statements.*,
        months.as_of_date,
        {{ months_between('statements.income_to_month', 'months.as_of_date') }} as income_age_months,
        {{ months_between('statements.income_to_month', 'months.as_of_date') }} <= max_age.value as is_recent
    from {{ ref('int_household__judged_months') }} as months
    inner join {{ ref('int_household__income_statements') }} as statements
        on months.as_of_date >= statements.valid_from_date and months.as_of_date < statements.valid_until_date
    left join {{ thresholds_of('income_max_age') }} as max_age
        on {{ in_force_on('max_age', 'months.as_of_date') }}
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
        {%- for column in components %}
        case when statements.is_recent then statements.{{ column }} end as {{ column }},
        {%- endfor %}
        cast(round(
            case when statements.is_recent then statements.net_income_cny end / registered.member_count, 2
        ) as decimal(18, 2)) as pc_net_income_cny,
        statements.income_to_month,
        case when statements.is_recent then statements.income_basis else 'unknown' end as income_basis,
        cast(statements.income_age_months as integer) as income_age_months,
        case
            when lists.is_self_pay_complete then coalesce(self_pay.self_pay_12m_cny, 0)
        end as self_pay_12m_cny,
        case
            when lists.self_pay_list_month is not null then coalesce(self_pay.self_pay_to_date_cny, 0)
        end as self_pay_to_date_cny,
        {%- for column in guarantees %}
        case when registered.is_guarantee_recent then registered.{{ column }} end as {{ column }},
        {%- endfor %}
        registered.edition_date as guarantee_date,
        registered.housing_grade,
        registered.relocation_site_code,
        compositions.listed_member_count,
        compositions.labour_count,
        employment.listed_labour_count,
        employment.employed_count,
        employment.lost_work_count,
        registered.usable_from_date as register_usable_from_date,
        statements.usable_from_date as income_usable_from_date,
        lists.self_pay_usable_from_date,
        lists.employment_usable_from_date,
        greatest(registered.usable_from_date, statements.usable_from_date, lists.usable_from_date) as usable_from_date,
        greatest(registered.known_at, statements.known_at, lists.known_at) as known_at,
        concat_ws(
            ',', registered.load_id, case when statements.load_id <> registered.load_id then statements.load_id end,
            lists.load_ids
        ) as source_load_ids
    from registered
    left join compositions
        on
            registered.household_key = compositions.household_key
            and registered.as_of_date >= compositions.valid_from_date
            and registered.as_of_date < compositions.valid_until_date
    left join statements
        on registered.household_key = statements.household_key and registered.as_of_date = statements.as_of_date
    left join lists
        on registered.county_code = lists.county_code and registered.as_of_date = lists.as_of_date
    left join monitored
        on registered.household_key = monitored.household_key and registered.as_of_date = monitored.as_of_date
    left join self_pay
        on registered.household_key = self_pay.household_key and registered.as_of_date = self_pay.as_of_date
    left join employment
        on registered.household_key = employment.household_key and registered.as_of_date = employment.as_of_date
)

select * from final
