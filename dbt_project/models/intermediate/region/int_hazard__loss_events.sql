-- What each township lost in each event, by the report that stands: later ones replace earlier ones, also by smaller
-- figures. A first report that arrives after a verified one changes nothing. Of the reports that the run's day knows.
with clock as (
    select max(as_of_date) as as_of_date from {{ source('landing', 'run_clock') }}
),

-- What the run's day could not use yet neither stands nor counts.
reports as (
    select told.*
    from {{ ref('stg_hazards__loss_reports') }} as told
    inner join clock on told.row_usable_from_date <= clock.as_of_date
),

aliases as (
    select * from {{ ref('hazard_aliases') }}
),

ranked as (
    select
        *,
        min(reported_at) over (partition by event_code, region_code) as first_reported_at,
        min(row_usable_from_date) over (partition by event_code, region_code) as first_usable_date,
        count(*) over (partition by event_code, region_code) as report_count,
        max(affected_person_count) over (partition by event_code, region_code) as highest_person_count,
        first_value(affected_person_count) over (
            partition by event_code, region_code order by reported_at, report_stage, known_at, load_id, row_number
        ) as first_person_count,
        row_number() over (
            partition by event_code, region_code
            order by reported_at desc, report_stage desc, known_at desc, load_id desc, row_number desc
        ) as newest_first
    from reports
),

final as (
    select
        ranked.event_code,
        ranked.region_code,
        coalesce(aliases.hazard_code, 'unknown') as hazard_code,
        ranked.hazard_text,
        ranked.occurred_at,
        case ranked.report_stage when '初报' then 'first' when '续报' then 'follow_up' when '核报' then 'verified' end
            as report_stage,
        ranked.report_count,
        ranked.first_reported_at,
        ranked.reported_at,
        ranked.first_person_count,
        ranked.highest_person_count,
        ranked.affected_person_count,
        ranked.affected_household_count,
        ranked.crop_affected_mu,
        ranked.no_harvest_mu,
        ranked.collapsed_house_count,
        ranked.damaged_house_count,
        ranked.direct_loss_cny,
        ranked.first_usable_date,
        ranked.row_usable_from_date as usable_from_date,
        ranked.load_id,
        ranked.row_number,
        ranked.known_at
    from ranked
    left join aliases on {{ hazard_wording('ranked.hazard_text') }} = aliases.alias_text
    where ranked.newest_first = 1
)

select * from final
