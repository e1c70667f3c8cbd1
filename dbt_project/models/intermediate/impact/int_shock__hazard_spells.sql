-- Warnings as shocks: one warning, wherever it was issued, with every township in which it opened an episode and the
-- highest colour that it reached there. Townships already under an earlier warning of the hazard stay with that one.
with episodes as (
    select * from {{ source('signals', 'hazard_episodes') }}
    -- The lowest opening colour: an episode of any colour. How grave it became is told by the highest.
    where opening_colour = 'blue'
),

townships as (
    select * from {{ ref('int_region__current') }}
    where region_level = 'township'
),

hazard_types as (
    select * from {{ ref('hazard_types') }}
),

judged as (
    select max(as_of_date) as as_of_date from {{ source('landing', 'run_clock') }}
),

dated as (
    select
        episodes.*,
        hazard_types.rule_id,
        cast(episodes.opened_at + interval 8 hour as date) as opened_date,
        -- The moment of the end is no longer in force; an end nobody knows leaves the last time it was seen.
        cast(coalesce(episodes.ended_at - interval 1 microsecond, episodes.last_seen_at) + interval 8 hour as date)
            as known_last_date,
        judged.as_of_date
    from episodes
    inner join townships on episodes.region_code = townships.region_code
    inner join hazard_types on episodes.hazard_code = hazard_types.hazard_code
    cross join judged
),

final as (
    select
        concat_ws(':', 'hazard', hazard_code, source_region_code, cast(opened_date as varchar)) as shock_id,
        'hazard' as kind,
        hazard_code as subject,
        rule_id,
        source_region_code as shock_region_code,
        region_code as township_code,
        min(opened_date) as opened_date,
        max(case when is_open then as_of_date else least(known_last_date, as_of_date) end) as last_held_date,
        bool_or(is_open) as is_open,
        {{ rank_level('max(' ~ level_rank('highest_colour') ~ ')') }} as severity,
        cast(null as decimal(18, 6)) as fall_ratio,
        min(cast(usable_from_date as date)) as usable_from_date,
        max(known_at) as known_at
    from dated
    group by hazard_code, rule_id, source_region_code, region_code, opened_date
)

select * from final
