{#
    How a person's dated income changed against the same month a year before, by the offices' lists: what a twelve-month
    sum gains and loses when its window moves on by that month. Relief: who is on neither list of a pair has none. Wages:
    who is not listed in both months is not known. Pairs without a change are left out.
#}
with lists as (
    select
        table_name, scope_region_code,
        cast(date_trunc('month', period_end_date) as date) as list_month,
        min(usable_from_date) as usable_from_date
    from {{ ref('stg_landing__newest_loads') }}
    where table_name in ('civil_affairs', 'hrss_employment')
    group by table_name, scope_region_code, cast(date_trunc('month', period_end_date) as date)
),

pairs as (
    select
        newer.table_name,
        newer.scope_region_code,
        newer.list_month,
        greatest(newer.usable_from_date, older.usable_from_date) as usable_from_date
    from lists as newer
    inner join lists as older
        on
            newer.table_name = older.table_name and newer.scope_region_code = older.scope_region_code
            and older.list_month = cast(newer.list_month - interval 12 month as date)
),

paid as (
    select
        'civil_affairs' as table_name, scope_region_code, person_key, report_month,
        sum(
            case when relief_status = '停发' then 0 else coalesce(monthly_amount_cny, 0) end
            + coalesce(temporary_relief_cny, 0)
        ) as amount_cny,
        true as is_told
    from {{ ref('stg_departments__civil_affairs') }}
    where person_key is not null
    group by scope_region_code, person_key, report_month
    union all
    select
        'hrss_employment' as table_name, scope_region_code, person_key, report_month,
        sum(case when is_employed then monthly_wage_cny else 0 end) as amount_cny,
        bool_and(not is_employed or monthly_wage_cny is not null) as is_told
    from {{ ref('stg_hrss__employment') }}
    where person_key is not null
    group by scope_region_code, person_key, report_month
),

sides as (
    select *, report_month as flow_month, 1 as sign from paid
    union all
    select *, cast(report_month + interval 12 month as date) as flow_month, -1 as sign from paid
),

changes as (
    select
        sides.table_name,
        sides.person_key,
        sides.flow_month,
        pairs.usable_from_date,
        sum(sides.sign * sides.amount_cny) as change_cny
    from sides
    inner join pairs
        on
            sides.table_name = pairs.table_name and sides.scope_region_code = pairs.scope_region_code
            and sides.flow_month = pairs.list_month
    group by sides.table_name, sides.person_key, sides.flow_month, pairs.usable_from_date, sides.scope_region_code
    having bool_and(sides.is_told) and (sides.table_name = 'civil_affairs' or count(distinct sides.sign) > 1)
),

final as (
    select
        person_key,
        flow_month,
        case table_name when 'civil_affairs' then 'transfer' else 'wage' end as component,
        usable_from_date,
        cast(change_cny as decimal(18, 2)) as change_cny
    from changes
    where change_cny <> 0
)

select * from final
