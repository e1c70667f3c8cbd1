{#
    The rows of a landed table that were known at the run's `known_at`: with known_loads, the only place where known_at
    is filtered. `usable_from_date` is the first day on which the fact may be used: the day its period had ended and the
    first load with rows of its scope and period had arrived (Beijing). It is told once a load, not asked of every row.
    table_name: the landing table, as declared in models/staging/sources.yml.
#}
{% macro known_rows(table_name) -%}
    select
        landed.*,
        arrived.usable_from_date
    from {{ source('landing', table_name) }} as landed
    inner join (
        select
            load_id,
            greatest(
                period_end_date,
                cast(min(known_at) over (partition by scope_region_code, period_end_date) + interval 8 hour as date)
            ) as usable_from_date
        from ({{ known_loads() }}) as known
        where table_name = '{{ table_name }}' and accepted > 0
    ) as arrived
        on landed.load_id = arrived.load_id
{%- endmacro %}
