-- Operators that carry households and are deregistered, revoked, stopped or listed as abnormal: by the newest list of
-- operators and the newest word of the market supervision that were there when the month's list of links was. A state
-- without a date counts from the first list that told it since the operator was last at work.
with months as (
    select county_code, month_end_date, links_usable_from_date from {{ ref('int_project__judged_months') }}
    where links_load_id is not null
),

counties as (
    select region_code, prefecture_code from {{ ref('int_region__current') }}
    where region_level = 'county'
),

carriers as (
    select distinct operator_code from {{ ref('stg_projects__benefit_links') }}
),

lists as (
    select * from {{ ref('stg_landing__newest_loads') }}
    where table_name = 'enterprises'
),

ranked_lists as (
    select
        months.county_code, months.month_end_date, lists.load_id,
        row_number() over (
            partition by months.county_code, months.month_end_date
            order by lists.period_end_date desc, lists.scope_region_code desc, lists.load_id asc
        ) as newest_first
    from months
    inner join counties on months.county_code = counties.region_code
    inner join lists
        on
            lists.scope_region_code in (counties.region_code, counties.prefecture_code)
            and months.month_end_date >= lists.period_end_date
            and months.links_usable_from_date >= lists.usable_from_date
),

enterprises as (
    {{ first_told_states(
        ref('stg_projects__enterprises'), 'operator_code', 'operator_status', ['注销', '吊销', '停产', '经营异常']
    ) }}
),

ranked_states as (
    select
        months.county_code,
        months.month_end_date,
        states.company_code, states.company_status, states.state_date, states.abnormal_date, states.known_at,
        row_number() over (
            partition by months.county_code, months.month_end_date, states.company_code
            order by
                states.state_date desc, states.row_usable_from_date desc, states.load_id desc, states.row_number desc
        ) as newest_first
    from {{ ref('stg_departments__market_supervision') }} as states
    inner join carriers on states.company_code = carriers.operator_code
    inner join months
        on
            states.state_date <= months.month_end_date
            and states.row_usable_from_date <= months.links_usable_from_date
),

closed as (
    select
        ranked_lists.county_code, ranked_lists.month_end_date, enterprises.operator_code,
        case
            when enterprises.operator_status in ('注销', '吊销')
                then coalesce(enterprises.deregistered_date, enterprises.first_told_date)
            when enterprises.operator_status = '经营异常'
                then coalesce(enterprises.abnormal_date, enterprises.first_told_date)
            else enterprises.first_told_date
        end as since_date,
        enterprises.known_at
    from ranked_lists
    inner join enterprises on ranked_lists.load_id = enterprises.load_id
    where ranked_lists.newest_first = 1 and enterprises.operator_status <> '正常'
    union all
    select
        county_code, month_end_date, company_code,
        case when company_status = '经营异常' then coalesce(abnormal_date, state_date) else state_date end as since_date,
        known_at
    from ranked_states
    where newest_first = 1 and company_status <> '存续'
),

final as (
    select county_code, month_end_date, operator_code, max(since_date) as since_date, max(known_at) as known_at
    from closed
    group by county_code, month_end_date, operator_code
)

select * from final
