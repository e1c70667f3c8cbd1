-- Resettlement sites month by month, as the newest list known of each scope and month tells them.
with source as (
    {{ known_rows('relocation_sites') }}
),

newest_load as (
    select load_id
    from {{ ref('stg_landing__newest_loads') }}
    where table_name = 'relocation_sites'
),

final as (
    select
        source.region_code as township_code,
        source.site_code,
        source.site_name,
        source.report_month,
        last_day(source.report_month) as month_end_date,
        source.household_count,
        source.person_count,
        source.labour_count,
        source.employed_count,
        source.labour_household_count,
        source.zero_employment_household_count,
        source.zero_employment_over_30d_count,
        source.usable_from_date,
        source.load_id,
        source.row_number,
        source.known_at
    from source
    inner join newest_load
        on source.load_id = newest_load.load_id
)

select * from final
