{# The rows of one feed that meet a condition of a trigger, one row per row and condition. From `conditions` alone. The
    days on which a list speaks are asked of its loads, so that a list with nobody on it is the first list all the same. #}
{% macro conditions_met(feed) -%}
    {%- set given = trigger_feeds()[feed] -%}
    select
        asked.trigger_id,
        asked.condition_number,
        asked.condition_count,
        '{{ feed }}' as source,
        told.load_id,
        told.row_number,
        told.scope_region_code,
        told.person_key,
        told.household_key,
        told.told_date,
        told.usable_date,
        told.known_at,
        {{ 'asked.is_first_list' if given['is_list'] else 'false' }} as is_first_list,
        case when asked.threshold is not null then {{ _value_of(given, 'numbers', 'decimal(18, 2)') }} end
            as observed_value
    from (
        select
            load_id, row_number, scope_region_code, known_at,
            {{ given['person'] }} as person_key,
            {{ given['household'] }} as household_key,
            {{ given['day'] }} as told_date,
            {{ given['usable'] }} as usable_date
            {%- for kind in ['numbers', 'words', 'flags'] %}
            {%- for column, expression in given.get(kind, {}).items() %},
            {{ expression }} as {{ column }}_told
            {%- endfor %}{% endfor %}
        from {{ ref(given['model']) }}
    ) as told
    inner join (
        select conditions.*, days.scope_region_code, days.told_date, days.is_first_list
        from (
            select
                scope_region_code, told_date,
                told_date = min(told_date) over (partition by scope_region_code) as is_first_list
            from (
                {%- if given['is_list'] %}
                select scope_region_code, period_end_date as told_date
                from {{ ref('stg_landing__newest_loads') }}
                where table_name = '{{ feed }}'
                {%- else %}
                select distinct scope_region_code, {{ given['day'] }} as told_date from {{ ref(given['model']) }}
                {%- endif %}
            ) as spoken
        ) as days
        inner join conditions
            on
                conditions.feed = '{{ feed }}'
                and days.told_date >= conditions.valid_from_date and days.told_date <= conditions.valid_to_date
    ) as asked
        on told.scope_region_code = asked.scope_region_code and told.told_date = asked.told_date
    where
        case asked.condition
            when 'at_least' then {{ _value_of(given, 'numbers', 'decimal(18, 2)') }} >= asked.threshold
            when 'above' then {{ _value_of(given, 'numbers', 'decimal(18, 2)') }} > asked.threshold
            when 'at_most' then {{ _value_of(given, 'numbers', 'decimal(18, 2)') }} <= asked.threshold
            when 'is_any_of' then position('|' || {{ _value_of(given, 'words', 'varchar') }} || '|' in asked.words) > 0
            -- a word that is not known is none of the words: better a household visited in vain than one left out
            when 'is_none_of' then coalesce(
                position('|' || {{ _value_of(given, 'words', 'varchar') }} || '|' in asked.words) = 0, true
            )
            when 'is_true' then {{ _value_of(given, 'flags', 'boolean') }}
            when 'is_false' then not {{ _value_of(given, 'flags', 'boolean') }}
        end
{%- endmacro %}

{# The told value of the column that the condition names, of one kind; null where it names one of another kind. #}
{% macro _value_of(given, kind, type) -%}
    {%- if given.get(kind) -%}
        case asked.column_name
        {%- for column in given[kind] %} when '{{ column }}' then cast(told.{{ column }}_told as {{ type }}){% endfor %} end
    {%- else -%}
        cast(null as {{ type }})
    {%- endif -%}
{%- endmacro %}
