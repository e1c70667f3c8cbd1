{#
    Tables built part by part, each part one statement whose sources are narrowed by variables of the connection
    (macros/judged_part.sql). The rows are those of one statement over everything: what a row needs of another part it
    must read from other models. A join that does not fit in memory writes the whole of both sides to disk, or fails;
    part by part, none does.
#}
{% materialization by_month, adapter='duckdb' %}
    {{ return(_built_in_parts('judged', 'date', _batches_of_months())) }}
{% endmaterialization %}

{% materialization by_region, adapter='duckdb' %}
    {{ return(_built_in_parts('region', 'varchar', _batches_of_regions())) }}
{% endmaterialization %}

{# variable_from and variable_to hold each part's lowest and highest value, of one type. #}
{% macro _built_in_parts(variable, type, parts) -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {{ drop_relation_if_exists(existing) }}
    {%- for lowest, highest in parts %}
        {%- call statement('main') %}
            set variable {{ variable }}_from = {{ type }} '{{ lowest }}';
            set variable {{ variable }}_to = {{ type }} '{{ highest }}';
            {% if loop.first %}
                {{ create_table_as(False, target, compiled_code) }}
            {% else %}
                insert into {{ target }} by name ({{ compiled_code }});
            {% endif %}
        {%- endcall %}
    {%- endfor %}
    {%- call statement('reset') %}
        reset variable {{ variable }}_from;
        reset variable {{ variable }}_to
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do persist_docs(target, model) %}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{%- endmacro %}

{#
    The judged days, as many at a time as make some six million household-months (var household_months_at_once): about
    two gigabytes of joins. Whoever is built by month waits for both tables, so that no ref need name them.
#}
{% macro _batches_of_months() -%}
    {%- set days = run_query(
        'select as_of_date from intermediate.int_household__judged_months order by as_of_date'
    ).columns[0].values() -%}
    {%- set households = run_query(
        'select count(distinct household_key) from intermediate.int_household__registrations'
    ).columns[0].values()[0] -%}
    {{ return(_first_and_last(days, var('household_months_at_once', 6000000) // [households, 1] | max)) }}
{%- endmacro %}

{# The judged regions, as many at a time as make some 200 000 region-days (var region_days_at_once): two years of a
    prefecture's counties and townships at once, all of a province in ten parts. #}
{% macro _batches_of_regions() -%}
    {%- set judged = run_query(
        'select region_code, count(*) from intermediate.int_region__judged_daily group by region_code order by region_code'
    ).columns -%}
    {%- set days = (judged[1].values() | list + [1]) | max -%}
    {{ return(_first_and_last(judged[0].values(), var('region_days_at_once', 200000) // days)) }}
{%- endmacro %}

{% macro _first_and_last(ordered, at_once) -%}
    {%- set parts = [] -%}
    {%- for part in ordered | batch([at_once, 1] | max) -%}
        {%- do parts.append([part[0], part[-1]]) -%}
    {%- endfor -%}
    {{ return(parts) }}
{%- endmacro %}
