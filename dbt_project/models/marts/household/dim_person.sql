-- Household members as each edition of the register has them: no names, no health.
{{ config(tags=['stage_2']) }}

with persons as (
    select * from {{ ref('stg_register__persons') }}
),

final as (
    select
        person_key,
        household_key,
        edition_date,
        relation_text as relation_to_head_zh,
        labour_skill,
        student_status as student_status_zh,
        usable_from_date,
        load_id,
        row_number as source_row_number,
        known_at
    from persons
)

select * from final
