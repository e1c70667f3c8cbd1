-- Who is linked to which operator or project, and how, as the month's list tells it, with the household's place then.
with months as (
    select * from {{ ref('int_project__judged_months') }}
),

links as (
    select * from {{ ref('stg_projects__benefit_links') }}
),

households as (
    select household_key, as_of_date, township_code, county_code, is_vulnerable from {{ ref('int_household__monthly') }}
),

final as (
    select
        links.household_key,
        months.month_end_date as as_of_date,
        links.operator_code,
        links.link_mode,
        links.is_active,
        links.from_date,
        links.to_date,
        links.end_reason,
        links.yearly_income_cny,
        households.township_code,
        households.county_code,
        households.is_vulnerable,
        months.links_usable_from_date as usable_from_date,
        links.known_at
    from months
    inner join links on months.links_load_id = links.load_id
    inner join households
        on
            links.household_key = households.household_key
            and months.month_end_date = households.as_of_date
            and months.county_code = households.county_code
)

select * from final
