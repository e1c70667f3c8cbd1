-- The days of the official calendar: what clocks run on, and the spine of time that metrics are read along.
{{ config(tags=['stage_2']) }}

with calendar as (
    select * from {{ ref('calendar_days') }}
),

final as (
    select
        calendar_date as day_date,
        cast(date_trunc('month', calendar_date) as date) as month_start_date,
        is_working_day,
        working_day_number,
        holiday_name
    from calendar
)

select * from final
