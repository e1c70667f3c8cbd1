{#
    Resettlement sites pooled by region and month (R23, R24), beside the vulnerable households that the region has.
    sites: the model with one row per site and report_month; figures: a mapping from name to aggregate over `sites`.
#}
{% macro pooled_sites(sites, figures) -%}
with sites as (
    select * from {{ ref(sites) }}
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
        {%- for name, figure in figures.items() %}
        {{ figure }} as {{ name }},
        {%- endfor %}
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
{%- endmacro %}
