{#
    Identifications and eliminations that the national list shows, and the case on record that led to each. Months before
    the townships' procedure lists begin are left out: their cases were never delivered.
#}
with clock as (
    select max(as_of_date) as run_date from {{ source('landing', 'run_clock') }}
),

persons as (
    select persons.*
    from {{ ref('stg_national__monitored_persons') }} as persons
    inner join clock
        on persons.usable_from_date <= clock.run_date
),

listed as (
    select
        'inclusion' as case_kind, household_key, identified_month as listed_month, village_code, usable_from_date,
        load_id, known_at
    from persons
    where monitored_type is not null and identified_month is not null
    union all
    select
        'elimination' as case_kind, household_key, eliminated_month as listed_month, village_code, usable_from_date,
        load_id, known_at
    from persons
    where is_risk_eliminated and eliminated_month is not null
),

listings as (
    select
        case_kind,
        household_key,
        cast(date_trunc('month', listed_month) as date) as listed_month,
        max(village_code) as village_code,
        min(usable_from_date) as usable_from_date,
        min(load_id) as load_id,
        min(known_at) as known_at
    from listed
    group by case_kind, household_key, cast(date_trunc('month', listed_month) as date)
),

covered as (
    select
        listings.*,
        last_day(listings.listed_month) <= feeds.procedures_known_until_date as is_procedure_known
    from listings
    inner join {{ ref('int_case__feeds_known') }} as feeds
        on substring(listings.village_code, 1, 6) || '000000' = feeds.county_code
    where listings.listed_month > date_trunc('month', feeds.procedures_known_from_date)
),

matched as (
    select
        covered.*,
        township_cases.case_id,
        row_number() over (
            partition by covered.case_kind, covered.household_key, covered.listed_month
            order by
                township_cases.labelled_date is null asc, township_cases.start_date desc, township_cases.case_code asc
        ) as case_order
    from covered
    left join {{ ref('int_case__procedures') }} as township_cases
        on
            covered.household_key = township_cases.household_key
            and covered.case_kind = township_cases.case_kind
            and township_cases.start_date <= last_day(covered.listed_month)
            and coalesce(township_cases.closed_date, covered.listed_month) >= covered.listed_month
),

final as (
    select
        coalesce(case_id, 'C' || substring(md5(
            'national_list|' || case_kind || '|' || household_key || '|' || cast(listed_month as varchar)
        ), 1, 12)) as case_id,
        case_id is null as is_own_case,
        * exclude (case_id, case_order)
    from matched
    where case_order = 1
)

select * from final
