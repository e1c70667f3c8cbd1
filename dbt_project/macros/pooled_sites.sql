{#
    Resettlement sites pooled by region and month (R23, R24), beside the vulnerable households that the region has. A
    month in which a site is awaited is incomplete: it may raise a level, not lower one (macros/told_months.sql).
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

{{ silent_sites() }},

awaited as (
    select distinct ancestors.ancestor_code as region_code, silent.report_month
    from silent
    inner join ancestors on silent.township_code = ancestors.region_code
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
        awaited.region_code is not null as is_incomplete,
        vulnerable.vulnerable_household_count
    from pooled
    left join awaited on pooled.region_code = awaited.region_code and pooled.report_month = awaited.report_month
    left join vulnerable
        on
            pooled.region_code = vulnerable.region_code
            and pooled.month_end_date between vulnerable.valid_from_date and vulnerable.valid_to_date
)

select * from final
{%- endmacro %}
