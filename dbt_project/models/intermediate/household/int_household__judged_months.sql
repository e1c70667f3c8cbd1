-- The months that a run judges households for: each at its last day, the running month at the run's own day.
with clock as (
    select
        max(as_of_date) as as_of_date,
        cast(max(history_months) as integer) as history_months
    from {{ source('landing', 'run_clock') }}
),

months as (
    select
        as_of_date as run_date,
        cast(unnest(generate_series(
            date_trunc('month', cast(as_of_date as timestamp) - to_months(history_months) + interval 1 day),
            date_trunc('month', cast(as_of_date as timestamp)),
            interval 1 month
        )) as date) as month_start_date
    from clock
),

final as (
    select
        least(last_day(month_start_date), run_date) as as_of_date,
        month_start_date,
        substring(cast(month_start_date as varchar), 1, 7) as period
    from months
)

select * from final
