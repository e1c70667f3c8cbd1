{#
    §3(4), R54: are the attribute groups of each household fresh: its guarantees (the register's edition), its water (the
    edition, or a visit that asked) and its income (the newest statement)? Three duties a household. Never told is not
    fresh. Ages are counted from the day that a fact tells of, however late it came. Where no list says whether a household
    is monitored, only ages between the two limits are unknown. Each class is told apart.
#}
with limits as (
    -- the shortest and the longest that a class may have; none while one that may be its own is not in force
    select
        months.as_of_date, classes.told_code as class_code,
        case when count(asked.value) = count(*) then min(asked.value) end as short_days,
        case when count(asked.value) = count(*) then max(asked.value) end as long_days
    from {{ ref('int_household__judged_months') }} as months
    cross join {{ possible_classes() }} as classes
    left join {{ ref('int_policy__thresholds_in_force') }} as asked
        on
            asked.parameter
            = case classes.class_code when 'monitored' then 'freshness_monitored' else 'freshness_other' end
            and {{ in_force_on('asked', 'months.as_of_date') }}
    group by months.as_of_date, classes.told_code
),

households as (
    select
        monthly.household_key, monthly.village_code, monthly.as_of_date, monthly.class_code,
        limits.short_days, limits.long_days,
        monthly.guarantee_date as guarantees_date,
        greatest(monthly.guarantee_date, visits.water_asked_date) as water_date,
        last_day(monthly.income_to_month) as income_date,
        greatest(
            monthly.register_usable_from_date, monthly.income_usable_from_date, visits.usable_from_date
        ) as usable_from_date,
        greatest(monthly.known_at, visits.known_at) as known_at
    from {{ ref('int_household__classes_monthly') }} as monthly
    inner join limits on monthly.as_of_date = limits.as_of_date and monthly.class_code = limits.class_code
    left join {{ ref('int_household__visits_monthly') }} as visits
        on monthly.household_key = visits.household_key and monthly.as_of_date = visits.as_of_date
),

{% set groups = ['guarantees', 'water', 'income'] -%}
final as (
    select
        villages.region_code,
        classes.class_code,
        villages.as_of_date,
        cast(villages.as_of_date as varchar) as duty_period,
        {{ groups | length }} * count(households.household_key) as due_count,
        {%- for group in groups %}
            count(*) filter (where villages.as_of_date - {{ group }}_date <= short_days){{ ' +' if not loop.last }}
        {%- endfor %} as kept_count,
        {%- for group in groups %}
            count(households.household_key) filter (where coalesce(
                villages.as_of_date - {{ group }}_date > short_days
                and villages.as_of_date - {{ group }}_date <= long_days,
                short_days is null
            )){{ ' +' if not loop.last }}
        {%- endfor %} as unknown_count,
        {%- for group in groups %}
            count(households.household_key) filter (
                where villages.as_of_date - {{ group }}_date > long_days or {{ group }}_date is null
            ) as stale_{{ group }}_count,
        {%- endfor %}
        max(case
            when short_days is null then 'no_threshold_in_force'
            when short_days < long_days then 'class_unknown'
        end) filter (where households.household_key is not null) as caution,
        max(households.usable_from_date) as usable_from_date,
        max(households.known_at) as known_at
    from {{ ref('int_region__bearers_monthly') }} as villages
    cross join {{ ref('household_classes') }} as classes
    left join households
        on
            villages.region_code = households.village_code and villages.as_of_date = households.as_of_date
            and classes.class_code = households.class_code
    where villages.region_level = 'village'
    group by villages.region_code, classes.class_code, villages.as_of_date
)

select * from final
