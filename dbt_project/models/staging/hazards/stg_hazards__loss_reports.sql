-- Disaster losses by township, every report that was made: first, follow-up and verified ones replace each other only
-- downstream. A report that arrives again unchanged counts once, from its first arrival.
with source as (
    {{ known_rows('loss_reports') }}
),

ranked as (
    select
        *,
        min(known_at) over (partition by row_hash) as first_known_at,
        row_number() over (partition by row_hash order by known_at, load_id, row_number) as earliest_first
    from source
),

final as (
    select
        event_code,
        region_code,
        case report_stage when '初报' then 'first' when '续报' then 'follow_up' when '核报' then 'verified' end
            as report_stage,
        case report_stage when '初报' then 1 when '续报' then 2 when '核报' then 3 end as stage_rank,
        reported_at,
        hazard_text,
        occurred_at,
        affected_person_count,
        affected_household_count,
        crop_affected_mu,
        no_harvest_mu,
        collapsed_house_count,
        damaged_house_count,
        direct_loss_cny,
        greatest(
            cast(reported_at + interval 8 hour as date), cast(first_known_at + interval 8 hour as date)
        ) as usable_from_date,
        load_id,
        row_number,
        first_known_at as known_at
    from ranked
    where earliest_first = 1
)

select * from final
