{#
    For each county, window of a statement and office's list: how far the lists reach beyond the window, and whether they
    are all there, from the month that the newest one is held against on. Months of the window after that month
    (from_month) have not come again yet: a projection must say something about them. For the run's newest month alone.
#}
with today as (
    select max(as_of_date) as as_of_date from {{ ref('int_household__judged_months') }}
),

windows as (
    select distinct
        households.as_of_date, households.county_code, households.prefecture_code, households.income_to_month,
        kinds.table_name
    from {{ ref('int_household__monthly') }} as households
    inner join today on households.as_of_date = today.as_of_date
    cross join (values ('hrss_employment'), ('civil_affairs')) as kinds (table_name)
    where households.income_basis <> 'unknown'
),

lists as (
    select distinct
        table_name,
        scope_region_code,
        usable_from_date,
        cast(date_trunc('month', period_end_date) as date) as list_month
    from {{ ref('stg_landing__newest_loads') }}
    where table_name in ('hrss_employment', 'civil_affairs')
),

counted as (
    select
        windows.as_of_date, windows.county_code, windows.income_to_month, windows.table_name,
        max(lists.list_month) as newest_month,
        count(distinct lists.list_month) as list_count
    from windows
    left join lists
        on
            windows.table_name = lists.table_name
            and lists.scope_region_code in (windows.county_code, windows.prefecture_code)
            and windows.as_of_date >= lists.usable_from_date
            and lists.list_month >= windows.income_to_month - interval 12 month
    group by all
),

final as (
    select
        counted.*,
        cast(counted.newest_month - interval 12 month as date) as from_month,
        coalesce(
            counted.newest_month >= counted.income_to_month
            and counted.list_count = 13 + {{ months_between('counted.income_to_month', 'counted.newest_month') }}
            and {{ months_between('counted.newest_month', 'counted.as_of_date') }} <= max_age.value,
            false
        ) as is_complete
    from counted
    left join {{ thresholds_of('projection_list_max_age') }} as max_age
        on {{ in_force_on('max_age', 'counted.as_of_date') }}
)

select * from final
