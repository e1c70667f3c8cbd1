-- What struck, told once: the newest loss report of each township; calls to the duty desk for as long as no loss report
-- bears the event's code; events with a point inside the prefecture. A call that looks like a reported event but was
-- never reconciled stays, and names it: nobody but the desk can say that they are one.
with losses as (
    select * from {{ ref('int_hazard__loss_events') }}
),

-- Each call in its newest version, with the moment at which it was taken.
calls as (
    select
        told.* exclude (region_code),
        -- A call without a region's code holds for whoever sent its file.
        coalesce(told.region_code, told.scope_region_code) as region_code,
        coalesce(aliases.hazard_code, 'unknown') as hazard_code
    from (
        select *, min(reported_at) over (partition by report_code) as first_reported_at
        from {{ ref('stg_clues__duty_reports') }}
    ) as told
    left join {{ ref('hazard_aliases') }} as aliases
        on {{ hazard_wording('told.hazard_text') }} = aliases.alias_text
    where told.is_newest
),

answered as (
    select event_code, count(*) as call_count, min(first_reported_at) as first_reported_at
    from calls
    where event_code is not null
    group by event_code
),

open_calls as (
    select
        calls.*,
        (
            select min(losses.event_code) from losses
            where
                losses.region_code = calls.region_code
                and losses.hazard_code = calls.hazard_code
                and cast(losses.occurred_at + interval 8 hour as date)
                = cast(calls.occurred_at + interval 8 hour as date)
        ) as possible_event_code
    from calls
    where coalesce(calls.event_code, '') not in (select losses.event_code from losses)
),

final as (
    select
        losses.event_code, losses.region_code, 'loss_report' as source_kind, losses.hazard_code, losses.hazard_text,
        losses.occurred_at, losses.report_stage,
        least(losses.first_reported_at, coalesce(answered.first_reported_at, losses.first_reported_at))
            as first_reported_at,
        losses.affected_person_count, losses.affected_household_count, losses.crop_affected_mu, losses.no_harvest_mu,
        losses.collapsed_house_count, losses.direct_loss_cny, cast(null as decimal(18, 6)) as magnitude,
        1 + coalesce(answered.call_count, 0) as source_count, cast(null as varchar) as possible_event_code,
        losses.usable_from_date, losses.load_id, losses.row_number, losses.known_at
    from losses
    left join answered on losses.event_code = answered.event_code
    union all
    select
        coalesce(event_code, report_code) as event_code, region_code, 'duty_report' as source_kind, hazard_code,
        hazard_text, occurred_at, null as report_stage, first_reported_at, affected_person_count,
        affected_household_count, crop_affected_mu, null as no_harvest_mu, collapsed_house_count,
        null as direct_loss_cny, null as magnitude, 1 as source_count, possible_event_code,
        row_usable_from_date as usable_from_date, load_id, row_number, known_at
    from open_calls
    union all
    select
        event_code, region_code, source_kind, hazard_code, hazard_text, occurred_at, null as report_stage,
        null as first_reported_at, null as affected_person_count, null as affected_household_count,
        null as crop_affected_mu, null as no_harvest_mu, null as collapsed_house_count, null as direct_loss_cny,
        magnitude, source_count, null as possible_event_code, usable_from_date, load_id, row_number, known_at
    from {{ ref('int_hazard__felt_events') }}
)

select * from final
