{#
    §3(3): once the risk is marked eliminated, is the household still carried as monitored? Read in every national
    list of a month after the mark's; identified anew since, it is a new case.
#}
{{ config(materialized='view') }}

with clock as (
    select max(as_of_date) as run_date from {{ source('landing', 'run_clock') }}
),

cases as (
    select *, date_trunc('month', coalesce(labelled_date, listed_month)) as marked_month
    from {{ ref('int_case__progress') }}
),

listed as (
    select
        persons.household_key,
        persons.period_end_date,
        bool_or(persons.monitored_type is not null and not coalesce(persons.is_risk_eliminated, false)) as is_standing,
        max(persons.identified_month) as identified_month
    from {{ ref('stg_national__monitored_persons') }} as persons
    inner join clock
        on persons.usable_from_date <= clock.run_date
    group by persons.household_key, persons.period_end_date
),

standing as (
    select
        cases.case_id,
        min(listed.period_end_date) as first_standing_date
    from cases
    inner join listed
        on
            cases.household_key = listed.household_key
            and listed.is_standing
            and listed.period_end_date > last_day(cases.marked_month)
            and cases.marked_month >= listed.identified_month
    group by cases.case_id
),

judged as (
    select
        cases.*,
        standing.first_standing_date,
        feeds.national_known_until_date,
        case
            when cases.case_kind <> 'elimination' or cases.case_state <> 'labelled' then 'not_applicable'
            when standing.first_standing_date is not null then 'raised'
            when feeds.national_known_until_date > last_day(cases.marked_month) then 'clear'
            else 'unknown'
        end as status
    from cases
    left join standing
        on cases.case_id = standing.case_id
    left join {{ ref('int_case__feeds_known') }} as feeds
        on cases.county_code = feeds.county_code
),

{{ case_findings('R49', '§3(3)', {
    'labelled_date': 'cast(labelled_date as varchar)',
    'listed_month': 'cast(listed_month as varchar)',
    'first_standing_date': 'cast(first_standing_date as varchar)',
    'national_known_until_date': 'cast(national_known_until_date as varchar)'
}, caution="'national_list_not_delivered'") }}
