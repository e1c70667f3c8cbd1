-- How many households of each village a hazard can touch (macros/touched_households.sql): only for the hazards and
-- months in which a warning or an event was in force.
with hazard_days as (
    select * from {{ source('signals', 'hazard_days') }}
),

month_rows as (
    select distinct as_of_date, valid_from_date, valid_to_date from {{ ref('int_region__vulnerable_monthly') }}
),

asked as (
    select distinct
        hazard_days.hazard_code,
        month_rows.as_of_date,
        cast(date_trunc('month', hazard_days.day) as date) as hazard_month
    from hazard_days
    inner join month_rows
        on hazard_days.day >= month_rows.valid_from_date and hazard_days.day <= month_rows.valid_to_date
),

households as (
    select * from {{ ref('int_household__monthly') }}
),

{{ touched_households() }},

by_village as (
    select
        village_code, township_code, hazard_code, hazard_month, as_of_date,
        count(*) as household_count,
        count(*) filter (where is_exposed) as exposed_household_count,
        count(*) filter (where is_exposed is null) as unknown_household_count,
        count(*) filter (where is_vulnerable) as vulnerable_household_count,
        count(*) filter (where is_vulnerable and is_exposed) as exposed_vulnerable_count,
        count(*) filter (where is_vulnerable and is_exposed is null) as unknown_vulnerable_count
    from judged
    group by village_code, township_code, hazard_code, hazard_month, as_of_date
)

select * from by_village
