{#
    What a staging model gives of a landed table, by the word that its contract uses for a delivery. All give the
    table's own columns and its lineage; none looks past `known_rows`.
#}

{# snapshot, cumulative: the rows of the newest list known of each scope and period. #}
{% macro rows_of_newest_list(table_name) -%}
    select source.*
    from ({{ known_rows(table_name) }}) as source
    inner join {{ ref('stg_landing__newest_loads') }} as newest
        on source.load_id = newest.load_id and newest.table_name = '{{ table_name }}'
{%- endmacro %}

{#
    increment: every row once, at its first arrival; a row of the same key that says something new is a row of its own.
    day: the column (date or UTC timestamp) that tells the day of the event; the end of the load's period if absent.
    row_usable_from_date: the first day on which this row may be used.
#}
{% macro rows_told_once(table_name, day='period_end_date') -%}
    select
        ranked.*,
        greatest(
            {{ beijing_date('ranked.' ~ day, day) }}, cast(ranked.known_at + interval 8 hour as date)
        ) as row_usable_from_date
    from (
        select
            source.*,
            row_number() over (
                partition by source.row_hash order by source.known_at, source.load_id, source.row_number
            ) as telling_number
        from ({{ known_rows(table_name) }}) as source
    ) as ranked
    where ranked.telling_number = 1
{%- endmacro %}

{#
    restatement: every version of every subject, once. is_newest marks the version that stands: the latest by the
    source's own word (version), then by arrival. A later version may be smaller; none is ever dropped.
    subject: the columns that say what is stated; version: those that say which statement it is.
#}
{% macro rows_restated(table_name, subject, version=[], day='period_end_date') -%}
    select
        told.*,
        row_number() over (
            partition by {{ subject | join(', ') }}
            order by
                {% for column in version %}{{ column }} desc, {% endfor %}known_at desc, load_id desc, row_number desc
        ) = 1 as is_newest
    from ({{ rows_told_once(table_name, day) }}) as told
{%- endmacro %}

{# A column's Beijing day: timestamps (names ending in _at) are UTC, dates are days already. #}
{% macro beijing_date(expression, name) -%}
    {%- if name.endswith('_at') -%}
        cast({{ expression }} + interval 8 hour as date)
    {%- else -%}
        {{ expression }}
    {%- endif -%}
{%- endmacro %}

{#
    The first day on which a later statement of the same subject can be used; null while none can. A statement speaks
    from its own row_usable_from_date until then: a later one never changes what a day before it could know.
    subject, version: as rows_restated was given them.
#}
{% macro superseded_date(subject, version) -%}
    min(row_usable_from_date) over (
        partition by {{ subject | join(', ') }}
        order by
            {% for column in version %}{{ column }} nulls first, {% endfor %}known_at, load_id, row_number
        rows between 1 following and unbounded following
    )
{%- endmacro %}
