{#
    §3(4), R52: does each registered household lie in a grid, and has the grid a keeper on the day judged? By the newest
    lists of grids and keepers known of its county; older than the age allowed they say nothing.
#}
with households as (
    select
        months.as_of_date, registrations.village_code as region_code, registrations.grid_code,
        count(*) as household_count
    from {{ ref('int_household__judged_months') }} as months
    inner join {{ ref('int_household__registrations') }} as registrations
        on months.as_of_date >= registrations.valid_from_date and months.as_of_date < registrations.valid_until_date
    group by months.as_of_date, registrations.village_code, registrations.grid_code
),

held as (
    select distinct as_of_date, region_code from households
),

lists as (
    select
        held.region_code, held.as_of_date, loads.table_name, loads.load_id,
        loads.period_end_date, loads.usable_from_date, loads.known_at,
        row_number() over (
            partition by held.region_code, held.as_of_date, loads.table_name
            order by loads.period_end_date desc, loads.scope_region_code desc, loads.load_id asc
        ) as newness
    from held
    inner join {{ ref('stg_landing__newest_loads') }} as loads
        on
            loads.table_name in ('grids', 'grid_keepers') and held.as_of_date >= loads.usable_from_date
            and {{ scope_holds('loads.scope_region_code', 'held.region_code') }}
),

told as (
    select
        lists.region_code, lists.as_of_date,
        max(case when lists.table_name = 'grids' then lists.load_id end) as grid_load_id,
        max(case when lists.table_name = 'grid_keepers' then lists.load_id end) as keeper_load_id,
        count(*) filter (where {{ months_between('lists.period_end_date', 'lists.as_of_date') }} <= oldest.value) = 2
            as are_recent,
        max(oldest.value) is null as lacks_threshold,
        max(lists.usable_from_date) as usable_from_date,
        max(lists.known_at) as known_at
    from lists
    left join {{ thresholds_of('grid_list_max_age') }} as oldest
        on {{ in_force_on('oldest', 'lists.as_of_date') }}
    where lists.newness = 1
    group by lists.region_code, lists.as_of_date
),

kept as (
    select
        told.as_of_date, told.region_code, grids.grid_code, count(keepers.grid_code) as keeper_count
    from told
    inner join {{ ref('stg_townships__grids') }} as grids
        on told.grid_load_id = grids.load_id and told.region_code = grids.region_code
    left join {{ ref('stg_townships__grid_keepers') }} as keepers
        on
            told.keeper_load_id = keepers.load_id and grids.grid_code = keepers.grid_code
            and told.as_of_date >= keepers.from_date
            and (keepers.to_date is null or told.as_of_date <= keepers.to_date)
    group by told.as_of_date, told.region_code, grids.grid_code
),

{% set known = 'coalesce(told.are_recent, false)' -%}
final as (
    select
        households.region_code, households.as_of_date,
        cast(households.as_of_date as varchar) as duty_period,
        cast(sum(household_count) as bigint) as due_count,
        cast(coalesce(sum(household_count) filter (where {{ known }} and keeper_count > 0), 0) as bigint) as kept_count,
        cast(coalesce(sum(household_count) filter (where not {{ known }}), 0) as bigint) as unknown_count,
        cast(coalesce(sum(household_count) filter (where {{ known }} and kept.grid_code is null), 0) as bigint)
            as without_grid_count,
        count(kept.grid_code) filter (where {{ known }} and keeper_count = 0) as vacant_grid_count,
        case
            when bool_or(told.lacks_threshold) then 'no_threshold_in_force'
            when not bool_or(told.region_code is not null) then 'delivery_missing'
            when not bool_and({{ known }}) then 'list_too_old'
        end as caution,
        max(told.usable_from_date) as usable_from_date,
        max(told.known_at) as known_at
    from households
    left join told
        on households.region_code = told.region_code and households.as_of_date = told.as_of_date
    left join kept
        on
            households.region_code = kept.region_code and households.as_of_date = kept.as_of_date
            and households.grid_code = kept.grid_code
    group by households.region_code, households.as_of_date
)

select * from final
