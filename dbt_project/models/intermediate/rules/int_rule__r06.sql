{#
    §2(1) 收入支出状况: do the parts of an income add up to the total told beside them? The national list tells a total
    per head; the register tells, of four components, some of what they consist of, which may not exceed them.
#}
{{ config(materialized='view') }}
{%- set wholes = {
    'inc_wage_cny': ['inc_wage_local_cny', 'inc_wage_province_cny', 'inc_wage_outside_cny', 'inc_wage_welfare_job_cny'],
    'inc_other_business_gross_cny': ['inc_vegetable_gross_cny', 'inc_other_stock_gross_cny', 'inc_trade_gross_cny'],
    'inc_property_cny': ['inc_project_dividend_cny', 'inc_land_rent_cny'],
    'inc_transfer_cny': ['inc_dibao_cny', 'inc_tekun_cny', 'inc_pension_cny', 'inc_ecology_cny', 'inc_soil_subsidy_cny',
        'inc_disability_subsidy_cny', 'inc_insurance_cny']
} %}

with households as (
    select * from {{ ref('int_household__monthly') }}
),

listed as (
    select * from {{ ref('int_household__monitored_monthly') }}
),

-- What the parts told exceed their whole by, the worst of the four: a part not told adds nothing.
stated as (
    select
        household_key, valid_from_date, valid_until_date, income_to_month, usable_from_date,
        greatest(
            {%- for whole, parts in wholes.items() %}
                case
                    when
                        coalesce(
                            {{ parts | join(',\n                            ') }}
                        ) is not null
                        then
                            coalesce({{ parts | join(', 0)\n                            + coalesce(') }}, 0)
                            - {{ whole }}
                end{{ ',' if not loop.last }}
            {%- endfor %}
        ) as excess_cny
    from {{ ref('int_household__registrations') }}
),

compared as (
    select
        households.*, listed.told_income_gap_cny as gap_cny, listed.listed_person_count,
        -- what was restated since is no longer said, unless the register told that window again
        case
            when households.income_basis = 'surveyed'
                or households.income_basis = 'updated' and stated.income_to_month = households.income_to_month
                and stated.usable_from_date >= households.income_usable_from_date
                then stated.excess_cny
        end as excess_cny,
        tolerance.value as tolerance_cny,
        tolerance.threshold_id
    from households
    left join listed
        on households.household_key = listed.household_key and households.as_of_date = listed.as_of_date
    left join stated
        on
            households.household_key = stated.household_key
            and households.as_of_date >= stated.valid_from_date and households.as_of_date < stated.valid_until_date
    left join {{ thresholds_of('income_total_tolerance') }} as tolerance
        on {{ in_force_on('tolerance', 'households.as_of_date') }}
),

judged as (
    select
        *,
        excess_cny is null or gap_cny > tolerance_cny * listed_person_count as is_about_total,
        case
            when gap_cny > tolerance_cny * listed_person_count or excess_cny > tolerance_cny then 'raised'
            when gap_cny is null and excess_cny is null and income_basis <> 'unknown' then 'not_applicable'
            when tolerance_cny is null or (gap_cny is null and excess_cny is null) then 'unknown'
            else 'clear'
        end as status
    from compared
),

final as (
    select
        household_key, village_code, as_of_date, 'R06' as rule_id, status,
        cast(
            case when is_about_total then round(gap_cny / listed_person_count, 6) else greatest(excess_cny, 0) end
            as decimal(18, 6)
        ) as observed_value,
        tolerance_cny as threshold_value,
        case when is_about_total then 'CNY/person' else 'CNY' end as unit,
        threshold_id,
        {{ evidence_of({
            'clause': "'§2(1)'",
            'told_income_gap_cny': 'gap_cny',
            'parts_excess_cny': 'excess_cny',
            'income_to_month': 'cast(income_to_month as varchar)',
            'loads': 'source_load_ids'
        }, caution="case when tolerance_cny is null then 'no_threshold_in_force' else 'income_unknown' end") }} as evidence,
        usable_from_date, known_at
    from judged
)

select * from final
