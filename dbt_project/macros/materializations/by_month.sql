{#
    A table built a few judged months at a time, in their order (macros/judged_month.sql narrows the sources). The rows
    are those of one statement over all months: what a month needs of other months it must read from other models. A
    join that does not fit in memory writes the whole of both sides to disk; months at a time, none does.
#}
{% materialization by_month, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {{ drop_relation_if_exists(existing) }}
    {%- for days in _batches_of_months() %}
        {%- call statement('main') %}
            set variable judged_from = date '{{ days[0] }}';
            set variable judged_to = date '{{ days[-1] }}';
            {% if loop.first %}
                {{ create_table_as(False, target, compiled_code) }}
            {% else %}
                insert into {{ target }} by name ({{ compiled_code }});
            {% endif %}
        {%- endcall %}
    {%- endfor %}
    {%- call statement('reset') %}
        reset variable judged_from;
        reset variable judged_to
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do persist_docs(target, model) %}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

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
    {%- set months_at_once = var('household_months_at_once', 6000000) // [households, 1] | max -%}
    {{ return(days | batch([months_at_once, 1] | max) | list) }}
{%- endmacro %}
