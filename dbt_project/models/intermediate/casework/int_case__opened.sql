-- Cases that a township, a household or the national list knows of, each once; who was only compared comes after.
with procedures as (
    select * from {{ ref('int_case__procedures') }}
),

applications as (
    select * from {{ ref('int_case__applications') }}
),

listings as (
    select
        case_id, is_own_case, case_kind, household_key, village_code,
        min(listed_month) as listed_month,
        bool_and(is_procedure_known) as is_procedure_known,
        max(usable_from_date) as usable_from_date,
        min(load_id) as load_id,
        max(known_at) as known_at
    from {{ ref('int_case__listings') }}
    group by case_id, is_own_case, case_kind, household_key, village_code
),

final as (
    select
        procedures.case_id,
        procedures.case_kind,
        'procedure' as case_origin,
        procedures.case_code,
        procedures.household_key,
        procedures.village_code,
        procedures.monitored_type,
        least(procedures.start_date, applications.applied_date) as start_date,
        procedures.labelled_date,
        procedures.ended_date,
        procedures.closed_date,
        listings.listed_month,
        listings.is_procedure_known,
        greatest(procedures.usable_from_date, applications.usable_from_date, listings.usable_from_date)
            as usable_from_date,
        concat_ws(',', procedures.source_load_ids, applications.load_id, listings.load_id) as source_load_ids,
        greatest(procedures.known_at, applications.known_at, listings.known_at) as known_at
    from procedures
    left join applications
        on procedures.case_id = applications.case_id
    left join listings
        on procedures.case_id = listings.case_id
    union all
    select
        case_id, 'inclusion' as case_kind, 'application' as case_origin, null as case_code, household_key, village_code,
        null as monitored_type, applied_date as start_date, null as labelled_date,
        case when application_result <> 'included' then settled_date end as ended_date,
        settled_date as closed_date, null as listed_month, null as is_procedure_known, usable_from_date,
        load_id as source_load_ids, known_at
    from applications
    where is_own_case
    union all
    select
        case_id, case_kind, 'national_list' as case_origin, null as case_code, household_key, village_code,
        null as monitored_type, listed_month as start_date, null as labelled_date, null as ended_date,
        last_day(listed_month) as closed_date, listed_month, is_procedure_known, usable_from_date,
        load_id as source_load_ids, known_at
    from listings
    where is_own_case
)

select * from final
