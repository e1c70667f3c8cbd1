-- New hardship counted over a window and over the window before it, for every region and day, and whether the month
-- before was unusual. Sums to date and their differences, so that the length of the window stays a parameter.
with regions as (
    select * from {{ ref('int_region__judged_daily') }}
),

hardship as (
    select * from {{ ref('int_household__new_hardship') }}
),

ancestors as (
    select * from {{ ref('int_region__ancestors') }}
),

parameters as (
    select * from {{ ref('int_region__parameters_daily') }}
),

-- A cluster is told by its own counts. A month not known, with the history to judge it, may have been unusual.
unusual as (
    select
        *,
        case when is_clustered = 1 then 'cluster' when farrington_alarm = 1 then 'season' end as unusual_by,
        cast(case when is_clustered = 1 then cluster_count when farrington_alarm = 1 then new_count end as bigint)
            as unusual_count,
        cast(
            case when is_clustered = 1 then cluster_expected when farrington_alarm = 1 then expected_count end
            as decimal(18, 1)
        ) as unusual_expected_count
    from {{ ref('int_level__unusual_hardship_monthly') }}
    where farrington_alarm = 1 or is_clustered = 1 or (farrington_alarm is null and history_tier <> 'C')
),

by_day as (
    select
        ancestors.ancestor_code as region_code,
        hardship.hardship_date,
        count(*) as new_count
    from hardship
    inner join ancestors on hardship.township_code = ancestors.region_code
    group by ancestors.ancestor_code, hardship.hardship_date
),

to_date as (
    select
        regions.*,
        coalesce(sum(by_day.new_count) over (
            partition by regions.region_code order by regions.as_of_date
            rows between unbounded preceding and current row
        ), 0) as count_to_date
    from regions
    left join by_day
        on regions.region_code = by_day.region_code and regions.as_of_date = by_day.hardship_date
),

final as (
    select
        to_date.region_code,
        to_date.region_level,
        to_date.as_of_date,
        cast(to_date.count_to_date - coalesce(window_before.count_to_date, 0) as bigint) as new_count,
        cast(
            coalesce(window_before.count_to_date, 0) - coalesce(two_windows_before.count_to_date, 0) as bigint
        ) as previous_count,
        vulnerable.vulnerable_household_count,
        parameters.min_base,
        parameters.worsening_from,
        cast(parameters.distress_window as integer) as window_days,
        parameters.hysteresis_share,
        parameters.hysteresis_days,
        case when to_date.region_level = 'township' then 1 else parameters.upper_level_factor end as count_factor,
        unusual.unusual_by,
        unusual.unusual_count,
        unusual.unusual_expected_count,
        unusual.history_tier,
        case when unusual.unusual_by is not null then parameters.unusual_hardship_lift end as lift_ranks,
        unusual.region_code is not null and unusual.unusual_by is null and parameters.unusual_hardship_lift > 0
            as is_lift_unknown,
        vulnerable.known_at
    from to_date
    left join parameters on to_date.as_of_date = parameters.as_of_date
    left join to_date as window_before
        on
            to_date.region_code = window_before.region_code
            and window_before.as_of_date = to_date.as_of_date - cast(parameters.distress_window as integer)
    left join to_date as two_windows_before
        on
            to_date.region_code = two_windows_before.region_code
            and two_windows_before.as_of_date = to_date.as_of_date - 2 * cast(parameters.distress_window as integer)
    left join {{ ref('int_region__vulnerable_monthly') }} as vulnerable
        on
            to_date.region_code = vulnerable.region_code
            and to_date.as_of_date between vulnerable.valid_from_date and vulnerable.valid_to_date
    left join unusual
        on
            to_date.region_code = unusual.region_code
            and date_trunc('month', to_date.as_of_date) = unusual.month_start_date + interval 1 month
)

select * from final
