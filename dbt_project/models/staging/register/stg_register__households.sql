-- The register of households as the newest edition known has it; money and guarantees stay as declared.
with source as (
    {{ known_rows('register_households') }}
),

newest_load as (
    select load_id
    from {{ ref('stg_landing__newest_loads') }}
    where table_name = 'register_households'
),

final as (
    select
        source.household_key,
        source.head_person_key,
        source.region_code as village_code,
        source.villager_group,
        case source.household_type
            when '脱贫户' then 'lifted_out'
            when '一般农户' then 'ordinary'
        end as household_type,
        cast(source.member_count as integer) as member_count,
        source.income_from_month,
        source.income_to_month,
        source.inc_wage_cny,
        source.inc_grain_gross_cny,
        source.inc_fruit_gross_cny,
        source.inc_hog_gross_cny,
        source.inc_other_business_gross_cny,
        source.business_cost_cny,
        source.inc_property_cny,
        source.inc_transfer_cny,
        source.claims_income_cny,
        source.inc_wage_local_cny,
        source.inc_wage_province_cny,
        source.inc_wage_outside_cny,
        source.inc_wage_welfare_job_cny,
        source.inc_vegetable_gross_cny,
        source.inc_other_stock_gross_cny,
        source.inc_trade_gross_cny,
        source.inc_project_dividend_cny,
        source.inc_land_rent_cny,
        source.inc_dibao_cny,
        source.inc_tekun_cny,
        source.inc_pension_cny,
        source.inc_ecology_cny,
        source.inc_soil_subsidy_cny,
        source.inc_disability_subsidy_cny,
        source.inc_insurance_cny,
        source.has_food,
        source.has_clothing,
        source.is_education_assured,
        source.is_medical_assured,
        source.is_housing_safe,
        source.housing_grade,
        source.is_water_safe,
        source.relocation_site_code,
        source.grid_code,
        source.land_wheat_mu,
        source.land_maize_mu,
        source.land_vegetable_mu,
        source.land_orchard_mu,
        source.land_other_crop_mu,
        source.hog_head,
        source.cattle_head,
        source.sheep_head,
        source.poultry_head,
        source.scope_region_code,
        source.period_end_date as edition_date,
        source.usable_from_date,
        source.load_id,
        source.row_number,
        source.known_at,
        source.cautions
    from source
    inner join newest_load
        on source.load_id = newest_load.load_id
)

select * from final
