-- The national system's export once more: the columns that only the county staff's own checks look at, row by row.
with source as (
    {{ rows_of_newest_list('national_monitored_export') }}
),

final as (
    select
        household_key,
        person_key,
        birth_month,
        student_status as student_status_text,
        case
            when labour_skill in ('普通劳动力', '技能劳动力', '弱劳动力或半劳动力') then true
            when labour_skill in ('无劳动力', '丧失劳动力') then false
        end as has_labour,
        inc_wage_cny,
        education_help is not null as has_education_help,
        social_help is not null as has_social_help,
        load_id,
        row_number
    from source
)

select * from final
