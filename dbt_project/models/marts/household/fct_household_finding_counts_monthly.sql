-- How many households of each township every household rule answered how: clear and not applicable included.
{{ config(tags=['stage_2']) }}

with counts as (
    select * from {{ ref('int_household__finding_counts_monthly') }}
),

final as (
    select
        township_code,
        county_code,
        prefecture_code,
        as_of_date,
        period,
        rule_id,
        status,
        household_count
    from counts
)

select * from final
