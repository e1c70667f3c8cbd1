{#
    The days that a run judges: history_months back from as_of_date, both from landing.run_clock, one row per day.
#}
{% macro day_spine() -%}
    select cast(spine.judged_at as date) as as_of_date
    from (
        select unnest(generate_series(
            cast(max(as_of_date) as timestamp) - to_months(cast(max(history_months) as integer)) + interval 1 day,
            cast(max(as_of_date) as timestamp),
            interval 1 day
        )) as judged_at
        from {{ source('landing', 'run_clock') }}
    ) as spine
{%- endmacro %}

{#
    For every series and judged day, the newest period whose fact was usable on that day: a fact that arrives late does
    not take back a newer one. Days before the first usable fact have no row.
    relation: one row per series and period, with usable_from_date; keys: the columns that name a series;
    period: the date column that orders its periods. Gives keys, as_of_date and the period column.
#}
{% macro newest_usable_by_day(relation, keys, period) -%}
    select
        {{ keys | join(', ') }},
        as_of_date,
        {{ period }}
    from (
        select
            {% for key in keys %}series.{{ key }}, {% endfor %}
            days.as_of_date,
            max(arrived.{{ period }}) over (
                partition by {% for key in keys %}series.{{ key }}{{ ', ' if not loop.last }}{% endfor %}
                order by days.as_of_date rows between unbounded preceding and current row
            ) as {{ period }}
        from ({{ day_spine() }}) as days
        cross join (select distinct {{ keys | join(', ') }} from {{ relation }}) as series
        left join (
            select
                {% for key in keys %}facts.{{ key }}, {% endfor %}
                greatest(facts.usable_from_date, bounds.first_day) as arrived_on,
                max(facts.{{ period }}) as {{ period }}
            from {{ relation }} as facts
            cross join (select min(spine.as_of_date) as first_day from ({{ day_spine() }}) as spine) as bounds
            group by {% for key in keys %}facts.{{ key }}, {% endfor %}arrived_on
        ) as arrived
            on days.as_of_date = arrived.arrived_on
            {%- for key in keys %} and series.{{ key }} = arrived.{{ key }}{% endfor %}
    ) as newest
    where {{ period }} is not null
{%- endmacro %}
