-- Which load speaks for a table, a scope and a period: a snapshot delivered again replaces the earlier one whole.
with known as (
    {{ known_loads() }}
),

ranked as (
    select
        table_name,
        scope_region_code,
        period_start_date,
        period_end_date,
        load_id,
        known_at,
        min(known_at) over (
            partition by table_name, scope_region_code, period_end_date
        ) as first_known_at,
        row_number() over (
            partition by table_name, scope_region_code, period_end_date
            order by known_at desc, load_id desc
        ) as newness
    from known
),

final as (
    select
        table_name,
        scope_region_code,
        period_start_date,
        period_end_date,
        load_id,
        greatest(period_end_date, cast(first_known_at + interval 8 hour as date)) as usable_from_date,
        known_at
    from ranked
    where newness = 1
)

select * from final
