{#
    §5(2), R71: did each department answer the comparisons asked of it within the working days allowed? The requests of
    the month before the newest whose report was due, by the household's county: that report tells what came back after
    the month's end. What came back too late, or not at all once its time was over, is a breach. Where the calendar does
    not know the year, or the report ends before the time does, it is unknown.
#}
with months as (
    select
        as_of_date,
        duty_end_date,
        cast(duty_start_date - interval 1 month as date) as duty_start_date
    from ({{ newest_period_due('comparison_results', 'month') }}) as reported
),

-- the newest statement of each request by each judged month
stated as (
    select
        months.as_of_date, months.duty_end_date, requests.household_key, requests.department,
        requests.requested_date, requests.returned_date, requests.row_usable_from_date, requests.known_at,
        row_number() over (
            partition by months.as_of_date, requests.request_code, requests.household_key, requests.department
            order by requests.known_at desc, requests.load_id desc, requests.row_number desc
        ) as newness
    from months
    inner join {{ ref('stg_comparisons__comparison_results') }} as requests
        on
            months.duty_start_date = date_trunc('month', requests.requested_date)
            and months.as_of_date >= requests.row_usable_from_date
),

placed as (
    select
        stated.*,
        registrations.county_code as region_code,
        departments.department_code,
        coalesce({{ working_days_after('asked', 'answered') }} <= allowed.value, false) as is_kept,
        coalesce(case
            when stated.returned_date is not null
                then {{ working_days_after('asked', 'answered') }} is null or allowed.value is null
            else {{ working_days_after('asked', 'report') }} <= allowed.value
        end, true) as is_open
    from stated
    inner join {{ ref('department_duties') }} as departments
        on stated.department = departments.department_text and departments.rule_id = 'R71'
    inner join {{ ref('int_household__registrations') }} as registrations
        on
            stated.household_key = registrations.household_key
            and stated.as_of_date >= registrations.valid_from_date
            and stated.as_of_date < registrations.valid_until_date
    left join {{ ref('calendar_days') }} as asked on stated.requested_date = asked.calendar_date
    left join {{ ref('calendar_days') }} as answered on stated.returned_date = answered.calendar_date
    left join {{ ref('calendar_days') }} as report on stated.duty_end_date = report.calendar_date
    left join {{ thresholds_of('comparison_return_working_days') }} as allowed
        on {{ in_force_on('allowed', 'stated.requested_date') }}
    where stated.newness = 1
),

held as (
    select months.*, counties.region_code, departments.department_code
    from months
    inner join {{ ref('int_region__bearers_monthly') }} as counties
        on months.as_of_date = counties.as_of_date and counties.region_level = 'county'
    inner join {{ ref('department_duties') }} as departments
        on departments.rule_id = 'R71'
),

reported as (
    {{ reports_of('comparison_results', 'loads.period_end_date = held.duty_end_date') }}
),

judged as (
    select
        held.*,
        placed.household_key, placed.returned_date, placed.is_kept, placed.is_open,
        reported.region_code is not null as is_reported,
        greatest(placed.row_usable_from_date, reported.usable_from_date) as usable_from_date,
        greatest(placed.known_at, reported.known_at) as known_at
    from held
    left join reported using (region_code, as_of_date)
    left join placed using (region_code, as_of_date, department_code)
),

final as (
    select
        region_code, department_code, as_of_date,
        substring(cast(max(duty_start_date) as varchar), 1, 7) as duty_period,
        case when bool_or(is_reported) then count(household_key) else 1 end as due_count,
        case when bool_or(is_reported) then count(*) filter (where is_kept) else 0 end as kept_count,
        case when bool_or(is_reported) then count(household_key) filter (where is_open) else 1 end as unknown_count,
        count(household_key) filter (where returned_date is null) as unanswered_count,
        case when bool_or(is_reported) then 'not_yet_due' else 'delivery_missing' end as caution,
        max(usable_from_date) as usable_from_date,
        max(known_at) as known_at
    from judged
    group by region_code, department_code, as_of_date
)

select * from final
