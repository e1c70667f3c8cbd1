{#
    §3(1), R31: was each household visited within the interval of its class: monitored, key group, other? Ages are taken
    at the day up to which visits had to be reported. Where the class is not known, a visit within the shortest interval
    keeps the duty and only the longest one breaks it. Never visited is a breach only where visits have been told for
    longer than the interval. Each class is told apart: the many do not hide a breach towards the few.
#}
with days as (
    select months.as_of_date, months.as_of_date - sla.due_days - sla.grace_days as told_until_date
    from {{ ref('int_household__judged_months') }} as months
    cross join {{ source('landing', 'feed_slas') }} as sla
    where sla.feed = 'cadre_visits'
),

intervals as (
    -- the shortest and the longest that a class may have; none while one that may be its own is not in force
    select
        days.as_of_date, days.told_until_date, classes.told_code as class_code,
        case when count(asked.value) = count(*) then min(asked.value) end as short_days,
        case when count(asked.value) = count(*) then max(asked.value) end as long_days
    from days
    cross join {{ possible_classes() }} as classes
    left join {{ ref('int_policy__thresholds_in_force') }} as asked
        on asked.parameter = 'visit_interval_' || classes.class_code and {{ in_force_on('asked', 'days.as_of_date') }}
    group by days.as_of_date, days.told_until_date, classes.told_code
),

held as (
    select
        households.household_key, households.village_code as region_code, households.class_code,
        intervals.as_of_date, intervals.told_until_date, intervals.short_days, intervals.long_days
    from intervals
    inner join {{ ref('int_household__classes_monthly') }} as households
        on intervals.as_of_date = households.as_of_date and intervals.class_code = households.class_code
),

told as (
    select
        held.region_code, held.as_of_date, min(loads.period_start_date) as told_from_date,
        bool_or(loads.period_end_date >= held.told_until_date) as is_reported,
        max(loads.usable_from_date) as usable_from_date, max(loads.known_at) as known_at
    from (select distinct region_code, as_of_date, told_until_date from held) as held
    inner join {{ ref('stg_landing__newest_loads') }} as loads
        on
            loads.table_name = 'cadre_visits' and held.as_of_date >= loads.usable_from_date
            and {{ scope_holds('loads.scope_region_code', 'held.region_code') }}
    group by held.region_code, held.as_of_date
),

judged as (
    select
        held.*,
        coalesce(held.told_until_date - visits.last_visit_date <= held.short_days, false) as is_kept,
        coalesce(told.is_reported, false) and coalesce(
            held.told_until_date - coalesce(visits.last_visit_date, told.told_from_date) > held.long_days, false
        ) as is_broken,
        held.short_days is null as lacks_threshold,
        coalesce(told.is_reported, false) as is_reported,
        greatest(visits.usable_from_date, told.usable_from_date) as usable_from_date,
        greatest(visits.known_at, told.known_at) as known_at
    from held
    left join {{ ref('int_household__visits_monthly') }} as visits
        on held.household_key = visits.household_key and held.as_of_date = visits.as_of_date
    left join told on held.region_code = told.region_code and held.as_of_date = told.as_of_date
),

final as (
    select
        villages.region_code, classes.class_code, days.as_of_date,
        cast(max(days.told_until_date) as varchar) as duty_period,
        count(judged.household_key) as due_count,
        count(*) filter (where is_kept) as kept_count,
        count(*) filter (where not is_kept and not is_broken) as unknown_count,
        count(*) filter (where is_broken) as overdue_count,
        max(case
            when is_kept or is_broken then null
            when lacks_threshold then 'no_threshold_in_force'
            when not is_reported then 'delivery_missing'
            when short_days < long_days then 'class_unknown'
            when not is_broken then 'not_yet_due'
        end) as caution,
        max(judged.usable_from_date) as usable_from_date, max(judged.known_at) as known_at
    from days
    inner join {{ ref('int_region__bearers_monthly') }} as villages
        on days.as_of_date = villages.as_of_date and villages.region_level = 'village'
    cross join {{ ref('household_classes') }} as classes
    left join judged
        on
            villages.region_code = judged.region_code and villages.as_of_date = judged.as_of_date
            and classes.class_code = judged.class_code
    group by villages.region_code, classes.class_code, days.as_of_date
)

select * from final
