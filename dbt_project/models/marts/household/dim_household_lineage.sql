-- Which households each household came from, step by step: whoever looks for its past follows these keys.
{{ config(tags=['stage_2']) }}

with lineage as (
    select * from {{ ref('int_household__lineage') }}
),

final as (
    select
        household_key,
        ancestor_key as ancestor_household_key,
        distance as step_count,
        change_kind,
        change_date,
        usable_from_date
    from lineage
)

select * from final
