-- Which counties with vulnerable households have their list of work for a month, and that of the same month a year
-- before (R20): the county's own or its prefecture's. A county that had more of the two for an earlier month is late.
-- Who never sent a list, or has nobody left to list, is not awaited.
with counties as (
    select distinct county_code, prefecture_code, cast(date_trunc('month', as_of_date) as date) as report_month
    from {{ ref('int_household__monthly') }}
    where is_vulnerable
),

lists as (
    select distinct scope_region_code, cast(report_month as date) as report_month
    from {{ ref('stg_hrss__employment') }}
),

told as (
    select
        counties.county_code,
        counties.report_month,
        coalesce(bool_or(lists.report_month = counties.report_month), false) as is_listed,
        coalesce(bool_or(lists.report_month < counties.report_month), false) as is_listed_before
    from counties
    left join lists
        on
            lists.scope_region_code in (counties.county_code, counties.prefecture_code)
            and lists.report_month in (
                counties.report_month, cast(counties.report_month - interval 12 month as date)
            )
    group by counties.county_code, counties.report_month
),

counted as (
    select *, case when is_listed and is_listed_before then 2 when is_listed then 1 else 0 end as list_count
    from told
),

final as (
    select
        county_code,
        report_month,
        is_listed,
        is_listed_before,
        coalesce(list_count < max(list_count) over (
            partition by county_code order by report_month rows between unbounded preceding and 1 preceding
        ), false) as is_late
    from counted
)

select * from final
