{#
    §3(4), R54: are the attribute groups of each household fresh: its guarantees (the register's edition), its water (the
    edition, or a visit that asked) and its income (the newest statement)? Three duties a household. Never told is not
    fresh. Where no list says whether a household is monitored, only ages between the two limits are unknown.
#}
with limits as (
    select
        months.as_of_date,
        monitored.value as monitored_days,
        other.value as other_days
    from {{ ref('int_household__judged_months') }} as months
    left join {{ thresholds_of('freshness_monitored') }} as monitored
        on {{ in_force_on('monitored', 'months.as_of_date') }}
    left join {{ thresholds_of('freshness_other') }} as other
        on {{ in_force_on('other', 'months.as_of_date') }}
),

households as (
    select
        monthly.household_key, monthly.village_code, monthly.as_of_date, monthly.is_monitored,
        case
            when monthly.is_monitored then limits.monitored_days
            when monthly.is_monitored is null then least(limits.monitored_days, limits.other_days)
            else limits.other_days
        end as short_days,
        case when monthly.is_monitored then limits.monitored_days else limits.other_days end as long_days,
        monthly.guarantee_date as guarantees_date,
        greatest(monthly.guarantee_date, visits.water_asked_date) as water_date,
        monthly.income_usable_from_date as income_date,
        greatest(
            monthly.register_usable_from_date, monthly.income_usable_from_date, visits.usable_from_date
        ) as usable_from_date,
        greatest(monthly.known_at, visits.known_at) as known_at
    from {{ ref('int_household__monthly') }} as monthly
    inner join limits on monthly.as_of_date = limits.as_of_date
    left join {{ ref('int_household__visits_monthly') }} as visits
        on monthly.household_key = visits.household_key and monthly.as_of_date = visits.as_of_date
),

{% set groups = ['guarantees', 'water', 'income'] -%}
final as (
    select
        village_code as region_code,
        cast(null as varchar) as department_code,
        as_of_date,
        cast(as_of_date as varchar) as duty_period,
        {{ groups | length }} * count(*) as due_count,
        {%- for group in groups %}
            count(*) filter (where as_of_date - {{ group }}_date <= short_days){{ ' +' if not loop.last }}
        {%- endfor %} as kept_count,
        {%- for group in groups %}
            count(*) filter (where coalesce(
                as_of_date - {{ group }}_date > short_days and as_of_date - {{ group }}_date <= long_days,
                short_days is null or long_days is null
            )){{ ' +' if not loop.last }}
        {%- endfor %} as unknown_count,
        {%- for group in groups %}
            count(*) filter (where as_of_date - {{ group }}_date > long_days or {{ group }}_date is null)
                as stale_{{ group }}_count,
        {%- endfor %}
        count(*) filter (where is_monitored and (
            {%- for group in groups %}
                {{ group }}_date is null or as_of_date - {{ group }}_date > long_days{{ ' or' if not loop.last }}
            {%- endfor %}
        )) as stale_monitored_count,
        case
            when bool_or(short_days is null or long_days is null) then 'no_threshold_in_force'
            when bool_or(is_monitored is null) then 'class_unknown'
        end as caution,
        max(usable_from_date) as usable_from_date,
        max(known_at) as known_at
    from households
    group by village_code, as_of_date
)

select * from final
