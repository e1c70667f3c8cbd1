{#
    Which delivery of the national list speaks for a county and a month: the county's own before the prefecture's. For
    the judged months and the one before them; a month whose list is missing keeps its row, without a load.
#}
with judged_months as (
    select month_start_date from {{ ref('int_household__judged_months') }}
),

months as (
    select month_start_date from judged_months
    union
    select cast(min(month_start_date) - interval 1 month as date) as month_start_date from judged_months
),

counties as (
    select distinct county_code, prefecture_code
    from {{ ref('int_household__registrations') }}
),

lists as (
    select
        load_id,
        scope_region_code,
        cast(date_trunc('month', period_end_date) as date) as month_start_date,
        period_end_date,
        known_at
    from {{ ref('stg_landing__newest_loads') }}
    where table_name = 'national_monitored_export'
),

ranked as (
    select
        months.month_start_date,
        counties.county_code,
        counties.prefecture_code,
        lists.load_id,
        lists.known_at,
        row_number() over (
            partition by months.month_start_date, counties.county_code
            order by lists.scope_region_code desc, lists.period_end_date desc, lists.load_id asc
        ) as preference
    from months
    cross join counties
    left join lists
        on
            months.month_start_date = lists.month_start_date
            and lists.scope_region_code in (counties.county_code, counties.prefecture_code)
),

final as (
    select
        month_start_date,
        county_code,
        prefecture_code,
        load_id,
        known_at
    from ranked
    where preference = 1
)

select * from final
