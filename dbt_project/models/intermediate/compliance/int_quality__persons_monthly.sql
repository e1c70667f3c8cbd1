-- The persons of the national list in force in each judged month, with what the county staff's checks ask of a person:
-- is the ID number in another household as well, is the age right for the school, does a student work?
with lists as (
    select as_of_date, table_name, load_id, list_month
    from {{ ref('int_household__lists_in_force') }}
),

national as (
    select distinct as_of_date, load_id, list_month
    from lists
    where table_name = 'national_monitored_export'
),

listed as (
    select
        national.as_of_date, national.list_month, persons.* exclude (load_id, row_number),
        details.student_status_text, details.has_labour, details.inc_wage_cny,
        details.has_education_help, details.has_social_help,
        {{ months_between('details.birth_month', 'national.list_month') }} as age_months,
        min(persons.household_key) over same_person <> max(persons.household_key) over same_person as is_elsewhere
    from national
    inner join {{ ref('stg_national__monitored_persons') }} as persons
        on national.load_id = persons.load_id
    inner join {{ ref('stg_national__monitored_details') }} as details
        on persons.load_id = details.load_id and persons.row_number = details.row_number
    window same_person as (partition by national.as_of_date, persons.person_key)
),

employed as (
    select lists.as_of_date, jobs.person_key
    from {{ ref('stg_hrss__employment') }} as jobs
    inner join lists
        on jobs.load_id = lists.load_id
    where jobs.is_employed and lists.table_name = 'hrss_employment'
    group by lists.as_of_date, jobs.person_key
),

final as (
    select
        listed.*,
        listed.student_status_text not in ('非在校生', '学前教育') as is_student,
        listed.student_status_text = '小学' as is_pupil,
        listed.student_status_text in ('普通高中', '中职') as is_senior_pupil,
        employed.person_key is not null as is_employed
    from listed
    left join employed
        on listed.as_of_date = employed.as_of_date and listed.person_key = employed.person_key
)

select * from final
