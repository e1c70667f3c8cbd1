-- Who would be exposed to which hazard this month or next, by the households' newest state: made with every run, so
-- that a warning that comes in between two runs finds its households at once (warehouse/exposed.py). Same households as
-- the impacts' (V; all where impact_beyond_vulnerable is 1). Who would not be exposed has no row.
with run_day as (
    select max(as_of_date) as as_of_date from {{ ref('int_household__judged_months') }}
),

ahead as (
    select unnest([0, 1]) as months
),

asked as (
    select
        hazard_types.hazard_code,
        run_day.as_of_date,
        cast(date_trunc('month', run_day.as_of_date) + to_months(ahead.months) as date) as hazard_month
    from run_day
    cross join {{ ref('hazard_types') }} as hazard_types
    cross join ahead
    where hazard_types.hazard_code <> 'unknown'
),

households as (
    select households.*
    from {{ ref('int_household__monthly') }} as households
    inner join run_day on households.as_of_date = run_day.as_of_date
    left join {{ thresholds_of('impact_beyond_vulnerable') }} as beyond
        on {{ in_force_on('beyond', 'run_day.as_of_date') }}
    where households.is_vulnerable or coalesce(beyond.value, 0) >= 1
),

{{ touched_households() }},

final as (
    select
        household_key,
        village_code,
        township_code,
        hazard_code,
        hazard_month,
        as_of_date,
        is_exposed,
        is_dwelling_weak,
        cast(touched_cny as decimal(18, 2)) as touched_cny,
        net_income_cny
    from judged
    where is_exposed is null or is_exposed
)

select * from final
