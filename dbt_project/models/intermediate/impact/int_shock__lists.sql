-- The lists by which lost work, projects and links are read: which month's speaks of a county on which days, from its
-- own day until the next one's. A list of work is that of the first judged month that saw it.
with work as (
    select
        county_code, min(as_of_date) as reading_date, min(employment_usable_from_date) as from_date
    from {{ ref('int_household__county_lists') }}
    where employment_load_id is not null
    group by county_code, employment_load_id
),

months as (
    select * from {{ ref('int_project__judged_months') }}
),

lists as (
    select kinds.kind, work.*
    from work
    cross join (values ('employment'), ('site')) as kinds (kind)
    union all
    select
        'project' as kind, county_code, month_end_date as reading_date,
        greatest(links_usable_from_date, projects_usable_from_date) as from_date
    from months
    where links_load_id is not null and projects_load_id is not null
    union all
    select 'link' as kind, county_code, month_end_date as reading_date, links_usable_from_date as from_date
    from months
    where links_load_id is not null
),

-- One that came after a later month's never speaks.
final as (
    select
        kind, county_code, reading_date, from_date,
        cast(coalesce(min(from_date) over (
            partition by kind, county_code order by reading_date
            rows between 1 following and unbounded following
        ), date '9999-12-31') - interval 1 day as date) as to_date
    from lists
)

select * from final
where from_date <= to_date
