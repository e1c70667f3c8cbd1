-- The national system's export: one row a person, household attributes repeated, types and modes spelled out.
with source as (
    {{ known_rows('national_monitored_export') }}
),

newest_load as (
    select load_id
    from {{ ref('stg_landing__newest_loads') }}
    where table_name = 'national_monitored_export'
),

final as (
    select
        source.household_key,
        source.person_key,
        source.name_birth_key,
        source.region_code as village_code,
        case source.household_type
            when '脱贫户' then 'lifted_out'
            when '一般农户' then 'ordinary'
        end as household_type,
        case source.monitored_type
            when '脱贫不稳定户' then 'unstable_lifted'
            when '边缘易致贫户' then 'marginal'
            when '突发严重困难户' then 'sudden_hardship'
        end as monitored_type,
        source.is_safety_net_household,
        coalesce(source.dibao_text not in ('否', '无'), false) as is_on_dibao,
        source.risk_1 as risk_1_text,
        source.risk_2 as risk_2_text,
        source.risk_3 as risk_3_text,
        source.risk_4 as risk_4_text,
        source.risk_5 as risk_5_text,
        source.disaster_subtype as disaster_subtype_text,
        source.inc_wage_cny,
        source.inc_business_cny,
        source.business_cost_cny,
        source.inc_property_cny,
        source.inc_transfer_cny,
        source.compliant_self_pay_cny,
        source.pc_net_income_cny,
        source.is_education_assured,
        source.is_medical_assured,
        source.is_housing_safe,
        source.is_water_safe,
        source.development_measures as development_measures_text,
        source.identified_month,
        source.eliminated_month,
        source.is_risk_eliminated,
        case source.elimination_mode
            when '帮扶消除' then 'assisted'
            when '自然消除' then 'natural'
        end as elimination_mode,
        source.scope_region_code,
        source.period_end_date,
        source.usable_from_date,
        source.load_id,
        source.row_number,
        source.known_at
    from source
    inner join newest_load
        on source.load_id = newest_load.load_id
)

select * from final
