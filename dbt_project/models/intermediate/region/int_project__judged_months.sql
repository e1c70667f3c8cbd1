-- For every county and month, the list of links and the list of village projects that speak of it: the county's own
-- before its prefecture's. An empty list is a list: nobody is linked.
with counties as (
    select region_code, prefecture_code from {{ ref('int_region__current') }}
    where region_level = 'county'
),

lists as (
    select * from {{ ref('stg_landing__newest_loads') }}
    where table_name in ('benefit_links', 'industry_projects')
),

ranked as (
    select
        counties.region_code as county_code,
        lists.period_end_date as month_end_date,
        lists.table_name,
        lists.load_id,
        lists.usable_from_date,
        lists.known_at,
        row_number() over (
            partition by counties.region_code, lists.period_end_date, lists.table_name
            order by lists.scope_region_code desc, lists.load_id asc
        ) as own_first
    from counties
    inner join lists on lists.scope_region_code in (counties.region_code, counties.prefecture_code)
),

final as (
    select
        county_code,
        month_end_date,
        {%- for table, name in [('benefit_links', 'links'), ('industry_projects', 'projects')] %}
            {%- for column in ['load_id', 'usable_from_date', 'known_at'] %}
                max(case when table_name = '{{ table }}' then {{ column }} end) as {{ name }}_{{ column }}
                {%- if not (loop.last and name == 'projects') %},{% endif %}
            {%- endfor %}
        {%- endfor %}
    from ranked
    where own_first = 1
    group by county_code, month_end_date
)

select * from final
