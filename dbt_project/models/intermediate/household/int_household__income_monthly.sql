-- The newest income statement of each household on the day judged; one that is too old leaves every figure unknown.
{{ config(materialized='view') }}

{%- set figures = [
    'inc_wage_cny', 'inc_grain_gross_cny', 'inc_fruit_gross_cny', 'inc_hog_gross_cny', 'inc_other_business_gross_cny',
    'business_cost_cny', 'inc_property_cny', 'inc_transfer_cny', 'claims_income_cny', 'net_income_cny',
    'previous_net_income_cny', 'previous_income_to_month', 'change_reason_text'
] %}

with months as (
    select * from {{ ref('int_household__judged_months') }}
),

max_age as (
    select * from {{ thresholds_of('income_max_age') }}
),

newest as (
    select
        statements.*,
        months.as_of_date,
        cast({{ months_between('statements.income_to_month', 'months.as_of_date') }} as integer) as income_age_months,
        {{ months_between('statements.income_to_month', 'months.as_of_date') }} <= max_age.value as is_recent
    from months
    inner join {{ ref('int_household__income_statements') }} as statements
        on months.as_of_date >= statements.valid_from_date and months.as_of_date < statements.valid_until_date
    left join max_age
        on {{ in_force_on('max_age', 'months.as_of_date') }}
),

final as (
    select
        household_key,
        as_of_date,
        {%- for column in figures %}
            case when is_recent then {{ column }} end as {{ column }},
        {%- endfor %}
        income_to_month,
        case when is_recent then income_basis else 'unknown' end as income_basis,
        income_age_months,
        usable_from_date,
        load_id,
        known_at
    from newest
)

select * from final
