{#
    For every county and judged month, the newest list of each of these tables that could be used by then: a county's
    own list or its prefecture's.
    tables: the landing tables, as stg_landing__newest_loads names them.
#}
{% macro newest_usable_lists(tables) -%}
with judged_months as (
    select * from {{ ref('int_household__judged_months') }}
),

counties as (
    select distinct
        county_code,
        prefecture_code
    from {{ ref('int_household__registrations') }}
),

lists as (
    select *
    from {{ ref('stg_landing__newest_loads') }}
    where table_name in ('{{ tables | join("', '") }}')
),

usable as (
    select
        judged_months.as_of_date,
        counties.county_code,
        lists.table_name,
        lists.load_id,
        cast(date_trunc('month', lists.period_end_date) as date) as list_month,
        lists.period_end_date as list_end_date,
        lists.usable_from_date,
        lists.known_at,
        row_number() over (
            partition by judged_months.as_of_date, counties.county_code, lists.table_name
            order by lists.period_end_date desc, lists.scope_region_code desc, lists.load_id asc
        ) as newness
    from judged_months
    cross join counties
    inner join lists
        on
            lists.scope_region_code in (counties.county_code, counties.prefecture_code)
            and judged_months.as_of_date >= lists.usable_from_date
),

final as (
    select * exclude (newness)
    from usable
    where newness = 1
)

select * from final
{%- endmacro %}
