-- When each household was last visited, and last asked about its water, by what was known at the end of each judged
-- month; and since when the visits of its county are told at all.
with visits as (
    select household_key, visit_date, is_water_safe, row_usable_from_date, known_at
    from {{ ref('stg_townships__cadre_visits') }}
),

months as (
    select as_of_date from {{ ref('int_household__judged_months') }}
),

final as (
    select
        visits.household_key,
        months.as_of_date,
        max(visits.visit_date) as last_visit_date,
        max(case when visits.is_water_safe is not null then visits.visit_date end) as water_asked_date,
        max(visits.row_usable_from_date) as usable_from_date,
        max(visits.known_at) as known_at
    from months
    inner join visits
        on months.as_of_date >= visits.row_usable_from_date
    group by visits.household_key, months.as_of_date
)

select * from final
