-- Links lost in the window that ends with the month (link_loss_days): the list says that they ended, an earlier one
-- called them active and they are gone, or their operator closed. One that ended by its term and was taken up again,
-- with the same operator or in the same way, is not lost.
with links as (
    select
        links.*, cast(loss_window.value as integer) as window_days,
        earlier.last_active_date, earlier.yearly_income_cny as income_before_cny
    from {{ ref('int_project__links_monthly') }} as links
    inner join {{ thresholds_of('link_loss_days') }} as loss_window
        on {{ in_force_on('loss_window', 'links.as_of_date') }}
    left join {{ ref('int_project__links_before_monthly') }} as earlier
        using (as_of_date, county_code, household_key, operator_code, link_mode)
),

renewed as (
    select distinct ended.as_of_date, ended.household_key, ended.operator_code, ended.link_mode
    from links as ended
    inner join links as begun
        on
            ended.as_of_date = begun.as_of_date
            and ended.household_key = begun.household_key
            and (ended.operator_code = begun.operator_code or ended.link_mode = begun.link_mode)
    where
        not ended.is_active and ended.end_reason = '合同到期'
        and begun.is_active and begun.as_of_date - begun.from_date < begun.window_days
),

-- An end without a date is dated by the last list that called the link active; without one it is too old to count.
ended as (
    select
        links.household_key, links.as_of_date, links.operator_code, links.link_mode, 'link_ended' as kind,
        coalesce(links.to_date, cast(links.last_active_date + interval 1 day as date)) as since_date,
        coalesce(links.income_before_cny, links.yearly_income_cny) as yearly_income_cny, links.township_code,
        links.county_code, links.is_vulnerable, links.window_days, links.usable_from_date, links.known_at
    from links
    left join renewed using (as_of_date, household_key, operator_code, link_mode)
    where not links.is_active and renewed.household_key is null
),

closed as (
    select
        links.household_key, links.as_of_date, links.operator_code, links.link_mode, 'operator_closed' as kind,
        operators.since_date, links.yearly_income_cny, links.township_code, links.county_code, links.is_vulnerable,
        links.window_days, links.usable_from_date, greatest(links.known_at, operators.known_at) as known_at
    from links
    inner join {{ ref('int_project__closed_operators') }} as operators
        on
            links.county_code = operators.county_code
            and links.as_of_date = operators.month_end_date
            and links.operator_code = operators.operator_code
    where links.is_active
),

gone as (
    select
        earlier.household_key, earlier.as_of_date, earlier.operator_code, earlier.link_mode, 'link_gone' as kind,
        cast(earlier.last_active_date + interval 1 day as date) as since_date, earlier.yearly_income_cny,
        households.township_code, households.county_code, households.is_vulnerable,
        cast(null as integer) as window_days, earlier.usable_from_date, earlier.known_at
    from {{ ref('int_project__links_before_monthly') }} as earlier
    left join links using (as_of_date, county_code, household_key, operator_code, link_mode)
    inner join {{ ref('int_household__monthly') }} as households
        on
            earlier.household_key = households.household_key
            and earlier.as_of_date = households.as_of_date
            and earlier.county_code = households.county_code
    where links.household_key is null
),

lost as (
    select * from ended
    where as_of_date - since_date < window_days
    union all
    select * from closed
    where as_of_date - since_date < window_days
    union all
    select * from gone
),

final as (
    select * exclude (window_days) from lost
)

select * from final
