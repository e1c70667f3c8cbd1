-- Each registered household of each judged month with the class by which R31 and R54 judge it: monitored, of a key
-- group (R08), other. Unlisted where no national list speaks of it, unclassed where no list tells of a key group.
{{ config(materialized='view') }}
with final as (
    select
        households.*,
        case
            when households.is_monitored then 'monitored'
            when households.is_monitored is null then 'unlisted'
            when key_groups.is_in_key_group is null then 'unclassed'
            when key_groups.is_in_key_group then 'key_group'
            else 'other'
        end as class_code
    from {{ ref('int_household__monthly') }} as households
    left join {{ ref('int_household__key_groups_monthly') }} as key_groups
        on households.household_key = key_groups.household_key and households.as_of_date = key_groups.as_of_date
)

select * from final
