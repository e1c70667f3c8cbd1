{#
    The rows of a landed table that were known at the run's `known_at`: the only place where known_at is filtered.
    Rows of withheld loads stay out. `usable_from_date` is the first day on which the fact may be used: the day its
    period had ended and the first load of its scope and period had arrived (Beijing).
    table_name: the landing table, as declared in models/staging/sources.yml.
#}
{% macro known_rows(table_name) -%}
    select
        landed.*,
        greatest(
            landed.period_end_date,
            cast(min(landed.known_at) over (
                partition by landed.scope_region_code, landed.period_end_date
            ) + interval 8 hour as date)
        ) as usable_from_date
    from {{ source('landing', table_name) }} as landed
    inner join {{ source('landing', 'loads') }} as loads
        on landed.load_id = loads.load_id
    cross join (select distinct known_at as run_known_at from {{ source('landing', 'run_clock') }}) as clock
    where
        landed.known_at <= clock.run_known_at
        and not loads.is_withheld
{%- endmacro %}
