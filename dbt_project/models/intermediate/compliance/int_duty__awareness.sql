{#
    §3(1), R30: how many of the households asked knew the policy? By the newest survey of each village that could be used
    on the day judged, unless it is too old; who was not surveyed is unknown.
#}
with surveys as (
    select
        months.as_of_date,
        told.region_code, told.asked_count, told.aware_count, told.row_usable_from_date, told.known_at,
        row_number() over (
            partition by months.as_of_date, told.region_code
            order by told.surveyed_date desc, told.known_at desc, told.load_id desc, told.row_number desc
        ) as newness
    from {{ ref('int_household__judged_months') }} as months
    inner join {{ ref('stg_townships__awareness_surveys') }} as told
        on months.as_of_date >= told.row_usable_from_date
    inner join {{ thresholds_of('survey_max_age') }} as oldest
        on
            {{ in_force_on('oldest', 'months.as_of_date') }}
            and {{ months_between('told.surveyed_date', 'months.as_of_date') }} <= oldest.value
),

final as (
    select
        villages.region_code,
        villages.as_of_date,
        cast(villages.as_of_date as varchar) as duty_period,
        cast(coalesce(surveyed.asked_count, 1) as bigint) as due_count,
        cast(coalesce(surveyed.aware_count, 0) as bigint) as kept_count,
        case when surveyed.region_code is null then 1 else 0 end as unknown_count,
        case when surveyed.region_code is null then 'delivery_missing' end as caution,
        surveyed.row_usable_from_date as usable_from_date,
        surveyed.known_at
    from {{ ref('int_region__bearers_monthly') }} as villages
    left join surveys as surveyed
        on
            villages.region_code = surveyed.region_code and villages.as_of_date = surveyed.as_of_date
            and surveyed.newness = 1
    where villages.region_level = 'village'
)

select * from final
