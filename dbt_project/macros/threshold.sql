{#
    The thresholds of one parameter, and the days on which a row of them holds. The join stays in sight:

        left join {{ thresholds_of('monitoring_line') }} as line
            on {{ in_force_on('line', 'households.as_of_date') }}

    A left join, because a day without a threshold must come out as unknown, not vanish.
    A parameter with one number per level gives one row per level.
#}
{% macro thresholds_of(parameter) -%}
    (
        select *
        from {{ ref('int_policy__thresholds_in_force') }}
        where parameter = '{{ parameter }}'
    )
{%- endmacro %}

{% macro in_force_on(relation, day) -%}
    {{ day }} >= {{ relation }}.valid_from_date and {{ day }} <= {{ relation }}.valid_to_date
{%- endmacro %}
