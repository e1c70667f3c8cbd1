{# A digest of every threshold as the run had it, so that a level can be matched to the numbers behind it. #}
{% macro thresholds_digest() -%}
    select
        md5(string_agg(
            concat_ws(
                '|', threshold_id, coalesce(level, ''), value, unit, in_force_from,
                coalesce(cast(in_force_to as varchar), ''), known_from
            ), ';' order by threshold_id, in_force_from, known_from
        )) as thresholds_version
    from {{ ref('thresholds') }}
{%- endmacro %}

{#
    The level of the same day a month and a year before (the last of a shorter month), over one row a region and day. Null
    before the history that the run judges.
#}
{% macro levels_before() -%}
    {%- for name, span in [('month', '1 month'), ('year', '1 year')] -%}
    first_value(level) over (
        partition by region_code order by as_of_date
        range between interval {{ span }} preceding and interval {{ span }} preceding
    ) as level_last_{{ name }}{{ ', ' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
