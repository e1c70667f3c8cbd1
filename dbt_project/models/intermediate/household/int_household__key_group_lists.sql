-- For every county and judged month, the newest list of each office that names members of a key group; it counts while
-- it is not too old (is_recent).
{{ config(materialized='view') }}

with lists as (
    {{ newest_usable_lists(['health', 'disabled', 'civil_affairs', 'housing', 'benefit_links']) | indent(4) }}
),

final as (
    select
        lists.*,
        coalesce({{ months_between('lists.list_month', 'lists.as_of_date') }} <= max_age.value, false) as is_recent
    from lists
    left join {{ thresholds_of('key_group_list_max_age') }} as max_age
        on {{ in_force_on('max_age', 'lists.as_of_date') }}
)

select * from final
