-- Every condition of a department's trigger names a feed and column that macros/trigger_feeds.sql stages, of its kind:
-- a condition on anything else would never be met, and the trigger would fall silent.
with conditions as (
    select
        *,
        case
            when condition in ('at_least', 'above', 'at_most') then 'numbers'
            when condition in ('is_any_of', 'is_none_of') then 'words'
            else 'flags'
        end as kind
    from {{ ref('department_triggers') }}
),

known as (
    {%- for feed, given in trigger_feeds().items() %}
        {%- for kind in ['numbers', 'words', 'flags'] %}
            {%- for column in given.get(kind, {}) %}
                select '{{ feed }}' as feed, '{{ kind }}' as kind, '{{ column }}' as column_name
                union all
            {%- endfor %}
        {%- endfor %}
    {%- endfor %}
    select '' as feed, '' as kind, '' as column_name
)

select
    conditions.trigger_id,
    conditions.condition_number,
    conditions.feed,
    conditions.column_name,
    conditions.kind
from conditions
left join known
    on
        conditions.feed = known.feed and conditions.column_name = known.column_name
        and conditions.kind = known.kind
where known.feed is null
