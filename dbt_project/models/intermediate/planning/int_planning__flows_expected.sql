{#
    What the newest lists let expect of the months that have not come again yet. A listed worker without work now, at work
    a year before, is taken to stay without: the wages that those months brought are missed. Relief is taken to go on as
    now; temporary relief comes once.
#}
with windows as (
    select * from {{ ref('int_planning__list_windows') }}
    where is_complete
),

homes as (
    select
        members.person_key, households.household_key,
        windows.table_name, windows.newest_month, windows.from_month, windows.income_to_month
    from {{ ref('int_household__monthly') }} as households
    inner join windows
        on
            households.as_of_date = windows.as_of_date and households.county_code = windows.county_code
            and households.income_to_month = windows.income_to_month
    inner join {{ ref('int_household__members') }} as members
        on
            households.household_key = members.household_key and members.is_present
            and households.as_of_date >= members.valid_from_date and households.as_of_date < members.valid_until_date
    where households.income_basis <> 'unknown'
),

-- few of the listed: only their months are read
out_of_work as (
    select distinct person_key
    from {{ ref('stg_hrss__employment') }}
    where not is_employed and report_month in (select newest_month from windows)
),

work as (
    select
        person_key, report_month,
        bool_or(is_employed) as is_employed,
        sum(case when is_employed then monthly_wage_cny else 0 end) as wage_cny,
        bool_and(not is_employed or monthly_wage_cny is not null) as is_told
    from {{ ref('stg_hrss__employment') }}
    where person_key in (select person_key from out_of_work)
    group by person_key, report_month
),

workers as (
    select
        homes.household_key, homes.person_key,
        sum(work.wage_cny) filter (where work.report_month > homes.from_month) as missed_wage_cny,
        bool_and(work.is_told) filter (where work.report_month > homes.from_month) as is_told
    from homes
    inner join work
        on
            homes.person_key = work.person_key and homes.from_month <= work.report_month
            and (homes.income_to_month >= work.report_month or homes.newest_month = work.report_month)
    where homes.table_name = 'hrss_employment'
    group by homes.household_key, homes.person_key
    having
        bool_or(work.report_month = homes.newest_month and not work.is_employed)
        and bool_or(work.report_month = homes.from_month and work.is_employed)
),

relief as (
    select
        person_key, report_month,
        sum(case when relief_status = '停发' then 0 else coalesce(monthly_amount_cny, 0) end) as usual_cny,
        sum(coalesce(temporary_relief_cny, 0)) as once_cny
    from {{ ref('stg_departments__civil_affairs') }}
    where person_key is not null
    group by person_key, report_month
),

relieved as (
    select
        homes.household_key,
        sum(case when relief.report_month = homes.newest_month then relief.usual_cny else 0 end)
        * {{ months_between('homes.from_month', 'homes.income_to_month') }}
        - sum(case when relief.report_month <= homes.income_to_month then relief.usual_cny + relief.once_cny else 0 end)
            as relief_change_cny
    from homes
    inner join relief
        on homes.person_key = relief.person_key and homes.from_month < relief.report_month
    where homes.table_name = 'civil_affairs'
    group by homes.household_key, homes.from_month, homes.income_to_month
),

final as (
    select
        household_key,
        cast(case when coalesce(bool_and(is_told), true) then coalesce(sum(missed_wage_cny), 0) end as decimal(18, 2))
            as missed_wage_cny,
        cast(coalesce(max(relief_change_cny), 0) as decimal(18, 2)) as relief_change_cny
    from (
        select household_key, missed_wage_cny, is_told, null as relief_change_cny from workers
        union all
        select household_key, null as missed_wage_cny, null as is_told, relief_change_cny from relieved
    ) as expected
    group by household_key
)

select * from final
