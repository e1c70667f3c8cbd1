{#
    §5(2), R72: is each department's system connected, by file, batch or in real time? The newest status stated of a
    county and department that had begun by the day judged. What was never stated is unknown.
#}
with held as (
    select counties.region_code, counties.as_of_date, departments.department_code, departments.department_text
    from {{ ref('int_region__bearers_monthly') }} as counties
    inner join {{ ref('department_duties') }} as departments
        on departments.rule_id = 'R72'
    where counties.region_level = 'county'
),

stated as (
    select
        held.region_code, held.department_code, held.as_of_date,
        connections.connection_status, connections.row_usable_from_date, connections.known_at,
        row_number() over (
            partition by held.region_code, held.department_code, held.as_of_date
            order by
                connections.since_date desc, connections.known_at desc, connections.load_id desc,
                connections.row_number desc
        ) as newness
    from held
    inner join {{ ref('stg_departments__department_connections') }} as connections
        on
            held.department_text = connections.department
            and held.as_of_date >= connections.since_date
            and held.as_of_date >= connections.row_usable_from_date
            and {{ scope_holds('connections.region_code', 'held.region_code') }}
),

final as (
    select
        held.region_code,
        held.department_code,
        held.as_of_date,
        cast(held.as_of_date as varchar) as duty_period,
        1 as due_count,
        case when stated.connection_status <> '未联网' then 1 else 0 end as kept_count,
        case when stated.connection_status is null then 1 else 0 end as unknown_count,
        case when stated.connection_status = '实时接口' then 1 else 0 end as realtime_count,
        case when stated.connection_status is null then 'delivery_missing' end as caution,
        stated.row_usable_from_date as usable_from_date,
        stated.known_at
    from held
    left join stated
        on
            held.region_code = stated.region_code and held.department_code = stated.department_code
            and held.as_of_date = stated.as_of_date and stated.newness = 1
)

select * from final
