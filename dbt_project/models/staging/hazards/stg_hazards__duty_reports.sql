-- Calls to the duty desk, the newest version of each: one that was reconciled names the event that it told of.
with source as (
    {{ known_rows('duty_reports') }}
),

ranked as (
    select
        *,
        min(known_at) over (partition by report_code) as first_known_at,
        min(reported_at) over (partition by report_code) as first_reported_at,
        row_number() over (
            partition by report_code order by reported_at desc, known_at desc, load_id desc, row_number desc
        ) as newest_first
    from source
),

final as (
    select
        report_code,
        event_code,
        -- A call without a region's code holds for whoever sent its file.
        coalesce(region_code, scope_region_code) as region_code,
        region_text,
        hazard_text,
        occurred_at,
        first_reported_at,
        reported_at,
        affected_household_count,
        affected_person_count,
        crop_affected_mu,
        collapsed_house_count,
        cast(first_known_at + interval 8 hour as date) as usable_from_date,
        load_id,
        row_number,
        first_known_at as known_at
    from ranked
    where newest_first = 1
)

select * from final
