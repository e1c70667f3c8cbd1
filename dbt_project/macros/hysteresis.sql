{#
    A level goes up at once and comes down late (defaults.md, "Episodes"). For each grade, in the order of the rows:
    on at a row whose raw_level has reached the grade; off only at the last of m rows in a row whose hold_level (the level
    by the lower cuts, hysteresis_share x threshold) is known and below the grade. A row whose hold_level is unknown breaks
    the run of clean rows: missing data never takes a level back. The answer is the highest grade that is on; with none
    on, 'unknown' where the raw level is unknown, else 'none'.
    relation: a CTE or relation with raw_level and hold_level ('none'|'blue'|'yellow'|'orange'|'red'|'unknown' or null)
    partition_by: list of columns that name one series; order_by: the column that orders it (one row each, no gaps)
    clean_rows: the column (or number) that holds m
    Gives every column of the relation and `level`. No recursion: the state is the later of two row numbers; a grade
    that was never on has none, and null is not later than anything.
#}
{% macro level_rank(column) -%}
    case {{ column }} when 'none' then 0 when 'blue' then 1 when 'yellow' then 2 when 'orange' then 3 when 'red' then 4 end
{%- endmacro %}

{% macro rank_level(column) -%}
    case {{ column }} when 0 then 'none' when 1 then 'blue' when 2 then 'yellow' when 3 then 'orange' when 4 then 'red'
        else 'unknown' end
{%- endmacro %}

{% macro hysteresis(relation, partition_by, order_by, clean_rows) -%}
{%- set grades = ['blue', 'yellow', 'orange', 'red'] -%}
{%- set series = 'partition by ' ~ partition_by | join(', ') ~ ' order by ' ~ order_by -%}
{%- set so_far = series ~ ' rows between unbounded preceding and current row' -%}
    select
        switched.* exclude (
            hysteresis_row, hysteresis_raw, hysteresis_hold
            {%- for grade in grades %}, {{ grade }}_dirty_row, {{ grade }}_on_row, {{ grade }}_off_row{% endfor %}
        ),
        case
        {%- for grade in grades | reverse %}
            when {{ grade }}_on_row > {{ grade }}_off_row then '{{ grade }}'
        {%- endfor %}
            when hysteresis_raw is null then 'unknown'
            else 'none'
        end as level
    from (
        select
            runs.*,
            {%- for grade in grades %}
            coalesce(max(case when hysteresis_row - {{ grade }}_dirty_row >= {{ clean_rows }} then hysteresis_row end)
                over ({{ so_far }}), 0) as {{ grade }}_off_row{{ ',' if not loop.last }}
            {%- endfor %}
        from (
            select
                ranked.*,
                {%- for grade in grades %}
                max(case when hysteresis_raw >= {{ loop.index }} then hysteresis_row end)
                    over ({{ so_far }}) as {{ grade }}_on_row,
                max(case when hysteresis_hold is null or hysteresis_hold >= {{ loop.index }}
                    or hysteresis_raw >= {{ loop.index }} then hysteresis_row end)
                    over ({{ so_far }}) as {{ grade }}_dirty_row{{ ',' if not loop.last }}
                {%- endfor %}
            from (
                select
                    measured.*,
                    row_number() over ({{ series }}) as hysteresis_row,
                    {{ level_rank('measured.raw_level') }} as hysteresis_raw,
                    case when measured.raw_level = 'unknown' then null
                        else {{ level_rank('measured.hold_level') }} end as hysteresis_hold
                from {{ relation }} as measured
            ) as ranked
        ) as runs
    ) as switched
{%- endmacro %}
