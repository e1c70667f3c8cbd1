-- The list behind the numbers of R21 and R22: every household whose project fails or whose link was lost, by month. A
-- link that names an operator, not a project, is taken for one with each of its projects in the household's township.
with links as (
    select * from {{ ref('int_project__links_monthly') }}
    where is_active
),

months as (
    select * from {{ ref('int_project__judged_months') }}
),

failing as (
    select
        months.county_code, months.projects_usable_from_date, failing.project_code, failing.operator_code,
        failing.region_code, failing.as_of_date, failing.kind, failing.since_date, failing.known_at
    from months
    inner join {{ ref('int_project__failing_monthly') }} as failing on months.projects_load_id = failing.load_id
),

ancestors as (
    select * from {{ ref('int_region__ancestors') }}
),

linked_to_failing as (
    select
        links.*,
        failing.* exclude (operator_code, region_code, county_code, as_of_date, known_at),
        failing.known_at as project_known_at
    from links
    inner join failing
        on
            links.county_code = failing.county_code
            and links.as_of_date = failing.as_of_date
            and links.operator_code = failing.project_code
    union all
    select
        links.*,
        failing.* exclude (operator_code, region_code, county_code, as_of_date, known_at),
        failing.known_at as project_known_at
    from links
    inner join failing
        on
            links.county_code = failing.county_code
            and links.as_of_date = failing.as_of_date
            and links.operator_code = failing.operator_code
    inner join ancestors
        on failing.region_code = ancestors.region_code and links.township_code = ancestors.ancestor_code
),

final as (
    select
        household_key, as_of_date, 'R21' as rule_id, kind, operator_code, link_mode, project_code, since_date,
        yearly_income_cny, township_code, county_code, is_vulnerable,
        greatest(usable_from_date, projects_usable_from_date) as usable_from_date,
        greatest(known_at, project_known_at) as known_at
    from linked_to_failing
    union all
    select
        household_key, as_of_date, 'R22' as rule_id, kind, operator_code, link_mode, null as project_code, since_date,
        yearly_income_cny, township_code, county_code, is_vulnerable, usable_from_date, known_at
    from {{ ref('int_project__lost_links_monthly') }}
)

select * from final
