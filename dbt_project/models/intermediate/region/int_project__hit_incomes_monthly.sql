-- What the links hit in a month (int_project__hit_households_monthly) are said to have added to each household, by the
-- livelihood that hangs on them; a link counts once, however many projects of its operator fail.
with links as (
    select
        rule_id, as_of_date, household_key, operator_code, link_mode,
        max(yearly_income_cny) as yearly_income_cny, max(known_at) as known_at
    from {{ ref('int_project__hit_households_monthly') }}
    group by rule_id, as_of_date, household_key, operator_code, link_mode
),

final as (
    select
        links.rule_id, links.as_of_date, links.household_key,
        {{ linked_sums() }},
        max(links.known_at) as known_at
    from links
    left join {{ ref('link_modes') }} as link_modes on links.link_mode = link_modes.link_mode
    group by links.rule_id, links.as_of_date, links.household_key
)

select * from final
