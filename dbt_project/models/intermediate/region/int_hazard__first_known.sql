-- Since when warnings are known at all: before that day, no warning in sight does not mean that none was in force.
with warnings as (
    select * from {{ ref('int_hazard__warnings') }}
),

poll_times as (
    select * from {{ ref('stg_warnings__poll_times') }}
),

final as (
    select min(usable_from_date) as first_known_date
    from (
        select usable_from_date from warnings
        union all
        select usable_from_date from poll_times
    ) as arrivals
)

select * from final
