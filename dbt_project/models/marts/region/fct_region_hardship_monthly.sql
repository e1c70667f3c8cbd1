-- How unusual a month's new hardship is: against the months just before, against the same season of earlier years, and
-- in a cluster, with the length of the history that it rests on. The last two lift the distress of the month after.
{{ config(tags=['stage_2']) }}
with readings as (
    select * from {{ ref('int_level__unusual_hardship_monthly') }}
),

months as (
    select * from {{ ref('int_level__hardship_monthly') }}
),

regions as (
    select region_code, region_name from {{ ref('int_region__current') }}
),

final as (
    select
        months.region_code,
        regions.region_name,
        months.region_level,
        months.as_of_date,
        strftime(months.month_start_date, '%Y-%m') as period,
        cast(months.new_count as integer) as new_household_count,
        cast(months.vulnerable_household_count as integer) as vulnerable_household_count,
        cast(readings.history_tier as varchar) as history_tier_code,
        cast(readings.ears_limit as decimal(12, 2)) as recent_limit_count,
        readings.ears_alarm = 1 as is_above_recent_months,
        cast(readings.expected_count as decimal(12, 2)) as expected_household_count,
        cast(readings.upper_count as decimal(12, 2)) as upper_household_count,
        readings.farrington_alarm = 1 as is_above_season,
        readings.is_clustered = 1 as is_in_cluster,
        cast(readings.cluster_number as integer) as cluster_number,
        cast(readings.cluster_months as integer) as cluster_month_count,
        cast(readings.cluster_count as integer) as cluster_household_count,
        cast(readings.cluster_expected as decimal(12, 2)) as cluster_expected_household_count,
        cast(readings.cluster_p_value as decimal(6, 4)) as cluster_p_value,
        months.known_at
    from months
    inner join readings
        on months.region_code = readings.region_code and months.month_start_date = readings.month_start_date
    left join regions on months.region_code = regions.region_code
)

select * from final
