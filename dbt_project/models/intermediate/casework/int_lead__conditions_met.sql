-- Every row of a department's list that meets a condition of a trigger: what the lists say, before it is put together.
{{ config(materialized='view') }}
with conditions as (
    select * from {{ ref('int_lead__conditions_in_force') }}
),

{%- for feed in trigger_feeds() %}

    met_in_{{ feed }} as (
        {{ conditions_met(feed) }}
    ),
{%- endfor %}

final as (
    {%- for feed in trigger_feeds() %}
        select * from met_in_{{ feed }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from final
