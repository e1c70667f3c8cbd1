-- Hazard episodes with the households in their way. The ledger owns the ids that notices carry; here is what was warned
-- of and told.
{{ config(tags=['stage_2']) }}
with episodes as (
    select
        *,
        -- The moment of the end is no longer in force; an end nobody knows leaves the last time it was seen.
        cast(coalesce(ended_at - interval 1 microsecond, last_seen_at) + interval 8 hour as date) as known_last_date
    from {{ source('signals', 'hazard_episodes') }}
),

judged as (
    select max(as_of_date) as as_of_date from {{ source('landing', 'run_clock') }}
),

regions as (
    select * from {{ ref('int_region__current') }}
),

hazard_types as (
    select * from {{ ref('hazard_types') }}
),

vulnerable as (
    select * from {{ ref('int_region__vulnerable_monthly') }}
),

exposed as (
    select * from {{ ref('int_region__hazard_exposed_monthly') }}
),

dated as (
    select
        episodes.*,
        case
            when episodes.is_open then judged.as_of_date
            else least(episodes.known_last_date, judged.as_of_date)
        end as last_held_date
    from episodes
    cross join judged
),

final as (
    select
        dated.episode_key,
        dated.region_code,
        regions.region_name,
        regions.region_level,
        dated.hazard_code,
        hazard_types.name_zh as hazard_name_zh,
        hazard_types.rule_id,
        dated.opening_colour,
        dated.highest_colour,
        dated.opened_at,
        cast(dated.opened_at + interval 8 hour as date) as opened_date,
        dated.last_held_date,
        dated.last_seen_at,
        dated.first_absent_at,
        dated.ended_at,
        dated.end_basis,
        dated.is_end_estimated,
        dated.is_open,
        dated.is_inherited,
        dated.source_region_code,
        dated.sources,
        dated.spell_count,
        vulnerable.household_count,
        exposed.exposed_household_count,
        vulnerable.vulnerable_household_count,
        exposed.exposed_vulnerable_count as exposed_vulnerable_household_count,
        exposed.unknown_vulnerable_count as unknown_vulnerable_household_count,
        cast(exposed.exposed_vulnerable_count / nullif(vulnerable.vulnerable_household_count, 0) as decimal(18, 6))
            as exposed_ratio,
        nullif(concat_ws(
            ',',
            case when dated.hazard_code = 'unknown' then 'unknown_hazard_type' end,
            case when vulnerable.region_code is null then 'no_household_data' end
        ), '') as cautions,
        dated.load_id,
        dated.known_at
    from dated
    inner join regions on dated.region_code = regions.region_code
    inner join hazard_types on dated.hazard_code = hazard_types.hazard_code
    left join vulnerable
        on
            dated.region_code = vulnerable.region_code
            and dated.last_held_date >= vulnerable.valid_from_date
            and dated.last_held_date <= vulnerable.valid_to_date
    left join exposed
        on
            dated.region_code = exposed.region_code
            and dated.hazard_code = exposed.hazard_code
            and vulnerable.as_of_date = exposed.as_of_date
            and cast(date_trunc('month', dated.last_held_date) as date) = exposed.hazard_month
)

select * from final
