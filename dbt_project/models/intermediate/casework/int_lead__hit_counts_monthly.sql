-- How many of a trigger's hits found their household, and how: who belongs to none is counted here and nowhere else.
with hits as (
    select * from {{ ref('int_lead__department_hits') }}
),

final as (
    select
        source,
        trigger_id,
        scope_region_code,
        substring(cast(signal_date as varchar), 1, 7) as period,
        cast(count(*) as bigint) as hit_count,
        cast(count(*) filter (where placed_by = 'register') as bigint) as placed_by_register_count,
        cast(count(*) filter (where placed_by = 'delivery') as bigint) as placed_by_delivery_count,
        cast(count(*) filter (where placed_by = 'none') as bigint) as without_household_count
    from hits
    group by source, trigger_id, scope_region_code, substring(cast(signal_date as varchar), 1, 7)
)

select * from final
