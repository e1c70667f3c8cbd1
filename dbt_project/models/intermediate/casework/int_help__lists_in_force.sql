{#
    For every county and judged month, the newest list of helpers, of measures and of social relief that could be used
    by then, the days that it is the first to tell of, and whether it is recent enough to say what is in force.
#}
with lists as (
    {{ newest_usable_lists(['helpers', 'measures', 'civil_affairs']) }}
),

newest as (
    select
        *,
        lag(list_end_date) over (
            partition by county_code, table_name order by as_of_date
        ) as previous_list_end_date
    from lists
),

-- A list that was skipped is told of by the next one: its days are judged then, not lost.
final as (
    select
        newest.as_of_date,
        newest.county_code,
        newest.table_name,
        newest.load_id,
        newest.list_month,
        newest.list_end_date,
        case
            when newest.previous_list_end_date < newest.list_end_date
                then cast(newest.previous_list_end_date + interval 1 day as date)
            else newest.list_month
        end as first_told_date,
        {{ months_between('newest.list_month', 'newest.as_of_date') }} <= max_age.value as is_recent,
        newest.usable_from_date,
        newest.known_at
    from newest
    left join {{ thresholds_of('assistance_list_max_age') }} as max_age
        on {{ in_force_on('max_age', 'newest.as_of_date') }}
)

select * from final
