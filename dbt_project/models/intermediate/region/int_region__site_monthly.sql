-- Resettlement sites pooled by region and month, beside the vulnerable households that the region has.
with reports as (
    select * from {{ ref('stg_sites__monthly_reports') }}
),

ancestors as (
    select * from {{ ref('int_region__ancestors') }}
),

regions as (
    select region_code, region_level from {{ ref('int_region__current') }}
    where region_level in ('prefecture', 'county', 'township')
),

vulnerable as (
    select * from {{ ref('int_region__vulnerable_monthly') }}
),

pooled as (
    select
        regions.region_code,
        regions.region_level,
        reports.report_month,
        reports.month_end_date,
        count(*) as site_count,
        cast(sum(reports.household_count) as bigint) as site_household_count,
        cast(sum(reports.labour_count) as bigint) as labour_count,
        cast(sum(reports.employed_count) as bigint) as employed_count,
        cast(sum(reports.zero_employment_over_30d_count) as bigint) as zero_employment_over_30d_count,
        max(reports.usable_from_date) as usable_from_date,
        max(reports.known_at) as known_at
    from reports
    inner join ancestors on reports.township_code = ancestors.region_code
    inner join regions on ancestors.ancestor_code = regions.region_code
    group by regions.region_code, regions.region_level, reports.report_month, reports.month_end_date
),

final as (
    select
        pooled.*,
        vulnerable.vulnerable_household_count
    from pooled
    left join vulnerable
        on
            pooled.region_code = vulnerable.region_code
            and pooled.month_end_date between vulnerable.valid_from_date and vulnerable.valid_to_date
)

select * from final
