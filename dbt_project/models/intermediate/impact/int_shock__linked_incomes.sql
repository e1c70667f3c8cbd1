-- What failing projects and lost links brought the households that hung on them, by shock: the lists behind R21 and R22
-- from the month that raised the shock on, as far as they were there on the run's day. A link counts once, however many
-- projects of its operator failed; one whose income nobody told leaves the household's sum unknown. By livelihood, for
-- more may hang on a link than it is said to have added (dependent_on_links).
with shocks as (
    select shock_id, rule_id, shock_region_code, opened_date, as_of_date
    from {{ ref('int_shock__episodes') }}
    where kind in ('project', 'link') and is_computed
),

hits as (
    select * from {{ ref('int_project__hit_households_monthly') }}
),

lists as (
    select distinct rule_id, county_code, as_of_date, usable_from_date from hits
),

-- The month that raised a shock: the newest whose lists were there on its day.
first_months as (
    select shocks.shock_id, max(lists.as_of_date) as from_date
    from shocks
    inner join lists
        on
            shocks.rule_id = lists.rule_id
            and shocks.shock_region_code = lists.county_code
            and shocks.opened_date >= lists.usable_from_date
    group by shocks.shock_id
),

links as (
    select
        shocks.shock_id, hits.household_key, hits.operator_code, hits.link_mode,
        max_by(hits.yearly_income_cny, (hits.as_of_date, hits.yearly_income_cny)) as yearly_income_cny
    from shocks
    inner join first_months on shocks.shock_id = first_months.shock_id
    inner join hits
        on
            shocks.rule_id = hits.rule_id
            and shocks.shock_region_code = hits.county_code
            and first_months.from_date <= hits.as_of_date
            and shocks.as_of_date >= hits.usable_from_date
    group by shocks.shock_id, hits.household_key, hits.operator_code, hits.link_mode
),

final as (
    select
        links.shock_id,
        links.household_key,
        {{ linked_sums() }}
    from links
    left join {{ ref('link_modes') }} as link_modes on links.link_mode = link_modes.link_mode
    group by links.shock_id, links.household_key
)

select * from final
