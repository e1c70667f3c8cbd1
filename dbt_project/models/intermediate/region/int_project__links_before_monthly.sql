-- When each link was last called active before a month, within the window in which a loss counts (link_loss_days), by
-- the lists that were there when the month's own list was.
with links as (
    select * from {{ ref('int_project__links_monthly') }}
    where is_active
),

months as (
    select * from {{ ref('int_project__judged_months') }}
    where links_load_id is not null
),

final as (
    select
        months.county_code,
        months.month_end_date as as_of_date,
        links.household_key,
        links.operator_code,
        links.link_mode,
        max(links.as_of_date) as last_active_date,
        max_by(links.yearly_income_cny, links.as_of_date) as yearly_income_cny,
        max(months.links_usable_from_date) as usable_from_date,
        max(months.links_known_at) as known_at
    from months
    inner join {{ thresholds_of('link_loss_days') }} as loss_window
        on {{ in_force_on('loss_window', 'months.month_end_date') }}
    inner join links
        on
            months.county_code = links.county_code
            and months.month_end_date > links.as_of_date
            and months.month_end_date - links.as_of_date <= loss_window.value
            and months.links_usable_from_date >= links.usable_from_date
    group by months.county_code, months.month_end_date, links.household_key, links.operator_code, links.link_mode
)

select * from final
