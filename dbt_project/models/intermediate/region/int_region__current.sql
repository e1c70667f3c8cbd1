-- The regions that exist on the judged day, by the newest edition usable on it: a code absent here cannot be warned.
with editions as (
    select * from {{ ref('int_region__editions') }}
),

judged as (
    select max(as_of_date) as as_of_date from {{ source('landing', 'run_clock') }}
),

newest as (
    select max(editions.valid_year) as valid_year
    from editions
    inner join judged
        on editions.usable_from_date <= judged.as_of_date and editions.valid_from_date <= judged.as_of_date
),

final as (
    select
        editions.region_code,
        editions.region_level,
        editions.region_name,
        editions.parent_code,
        case when editions.region_level not in ('province', 'prefecture') then editions.county_code end as county_code,
        editions.prefecture_code,
        editions.valid_year
    from editions
    inner join newest on editions.valid_year = newest.valid_year
)

select * from final
