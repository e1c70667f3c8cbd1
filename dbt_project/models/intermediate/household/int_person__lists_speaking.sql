-- The lists whose word about persons is compared: the newest of each office and scope, since what an office has put
-- right contradicts nobody any more. Of the register every edition counts: a number that differs from one to the next
-- breaks a person's history.
{{ config(materialized='view') }}

with loads as (
    select * from {{ ref('stg_landing__newest_loads') }}
),

newest as (
    select table_name, scope_region_code, max(period_end_date) as period_end_date
    from loads
    group by table_name, scope_region_code
),

final as (
    select distinct loads.load_id
    from loads
    left join newest
        on
            loads.table_name = newest.table_name
            and loads.scope_region_code = newest.scope_region_code
            and loads.period_end_date = newest.period_end_date
    where newest.table_name is not null or loads.table_name = 'register_persons'
)

select * from final
