{# Of each class of households (told_code) the classes that its households may be of: one where a list tells which. #}
{% macro possible_classes() -%}
    (
        select class_code as told_code, unnest(string_split(may_be, ',')) as class_code
        from {{ ref('household_classes') }}
    )
{%- endmacro %}

{# What may be due towards a class: all of `pooled` that is due towards households that may be of it. #}
{% macro duties_perhaps(pooled) -%}
    (
        select told.region_code, told.as_of_date, classes.class_code, sum(told.due_count) as due_count
        from {{ pooled }} as told
        inner join {{ possible_classes() }} as classes
            on told.class_code = classes.told_code
        group by told.region_code, told.as_of_date, classes.class_code
    )
{%- endmacro %}
