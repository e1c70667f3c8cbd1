{#
    Every case once: a household's way to its label (inclusion) or to the mark that its risk is gone (elimination), from
    whichever list knows of it. Judged at the run's own day.
#}
with opened as (
    select * from {{ ref('int_case__opened') }}
),

compared as (
    select
        case_id, 'inclusion' as case_kind, 'comparison' as case_origin, cast(null as varchar) as case_code,
        household_key, village_code, cast(null as varchar) as monitored_type, requested_date as start_date,
        cast(null as date) as labelled_date, cast(null as date) as ended_date, cast(null as date) as closed_date,
        cast(null as date) as listed_month, cast(null as boolean) as is_procedure_known, usable_from_date,
        load_id as source_load_ids, known_at
    from {{ ref('int_case__comparison_requests') }}
    where is_own_case
),

every_case as (
    select * from opened
    union all
    select * from compared
),

clock as (
    select max(as_of_date) as as_of_date from {{ source('landing', 'run_clock') }}
),

final as (
    select
        every_case.case_id,
        clock.as_of_date,
        every_case.case_kind,
        every_case.case_origin,
        every_case.case_code,
        every_case.household_key,
        every_case.village_code,
        substring(every_case.village_code, 1, 9) || '000' as township_code,
        substring(every_case.village_code, 1, 6) || '000000' as county_code,
        substring(every_case.village_code, 1, 4) || '00000000' as prefecture_code,
        every_case.monitored_type,
        every_case.start_date,
        every_case.labelled_date,
        every_case.ended_date,
        every_case.listed_month,
        case
            when every_case.labelled_date is not null or every_case.listed_month is not null then 'labelled'
            when every_case.ended_date is not null then 'ended'
            else 'open'
        end as case_state,
        case
            when every_case.case_origin = 'procedure' then true
            when every_case.case_origin = 'national_list' then coalesce(every_case.is_procedure_known, false)
            else false
        end as has_procedure,
        every_case.usable_from_date,
        every_case.source_load_ids,
        every_case.known_at
    from every_case
    cross join clock
)

select * from final
