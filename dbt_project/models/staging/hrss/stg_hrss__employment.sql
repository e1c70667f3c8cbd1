-- Who of the lifted-out and monitored labour works, and where, month by month.
with source as (
    {{ known_rows('hrss_employment') }}
),

newest_load as (
    select load_id
    from {{ ref('stg_landing__newest_loads') }}
    where table_name = 'hrss_employment'
),

final as (
    select
        source.person_key,
        source.name_birth_key,
        source.report_month,
        case source.employment_status
            when '在岗' then 'employed'
            when '失业' then 'unemployed'
            when '返乡待业' then 'returned'
            when '未就业' then 'not_employed'
        end as employment_status,
        source.employment_status as employment_status_text,
        source.employment_status = '在岗' as is_employed,
        source.is_unemployment_registered,
        case source.work_place
            when '县内' then 'in_county'
            when '市内县外' then 'in_prefecture'
            when '省内市外' then 'in_province'
            when '省外' then 'outside_province'
        end as work_place,
        source.employer_name,
        source.industry as industry_text,
        source.monthly_wage_cny,
        source.wage_arrears_cny,
        source.channel as channel_text,
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
