-- The integration of the resettlement sites of a region (R24), each weighed by its households, beside V. One site whose
-- index is unknown leaves the region's unknown.
with sites as (
    select * from {{ ref('int_site__integration_monthly') }}
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
        sites.report_month,
        sites.month_end_date,
        count(*) as site_count,
        cast(sum(sites.household_count) as bigint) as site_household_count,
        {%- for column in ['occupied_household_count', 'fee_arrears_household_count', 'complaint_count'] %}
            cast(case when count(sites.{{ column }}) = count(*) then sum(sites.{{ column }}) end as bigint)
                as {{ column }},
        {%- endfor %}
        case
            when count(sites.integration_index) = count(*) then sum(sites.integration_index * sites.household_count)
        end as index_sum,
        string_agg(distinct sites.missing_parts, ',' order by sites.missing_parts) as missing_parts,
        max(sites.usable_from_date) as usable_from_date,
        max(sites.known_at) as known_at
    from sites
    inner join ancestors on sites.township_code = ancestors.region_code
    inner join regions on ancestors.ancestor_code = regions.region_code
    group by regions.region_code, regions.region_level, sites.report_month, sites.month_end_date
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
