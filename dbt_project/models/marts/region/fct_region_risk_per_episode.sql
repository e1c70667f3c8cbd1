-- The episodes of every region: a time at or above blue under one id, from its opening to its all-clear, and how it was
-- answered.
{{ config(tags=['stage_3']) }}
with episodes as (
    select * from {{ ref('int_episode__episodes') }}
),

owners as (
    select * from {{ ref('int_episode__owners') }}
),

responses as (
    select * from {{ ref('int_episode__responses') }}
),

final as (
    select
        episodes.episode_id,
        episodes.region_code,
        episodes.region_name,
        episodes.region_level,
        responses.as_of_date,
        episodes.opened_on,
        episodes.closed_on,
        {{ rank_level('episodes.level_rank') }} as level,
        now_level.level_zh,
        {{ rank_level('episodes.highest_rank') }} as highest_level,
        episodes.highest_on,
        episodes.yellow_or_above_days,
        episodes.unknown_days,
        episodes.escalation_count,
        episodes.de_escalation_count,
        episodes.reopening_count,
        episodes.drivers_zh,
        episodes.exposed_household_count,
        episodes.vulnerable_household_count,
        nullif(concat_ws(',', nullif(episodes.cautions, ''), responses.caution), '') as cautions,
        owners.owner_departments,
        responses.clock_from_on as response_clock_from_on,
        responses.due_on as response_due_on,
        responses.response_state,
        responses.owners as response_owners,
        responses.measures as response_measures,
        responses.done_on as response_done_on,
        episodes.known_at
    from episodes
    inner join responses on episodes.episode_id = responses.episode_id
    left join owners on episodes.episode_id = owners.episode_id
    left join {{ ref('levels') }} as now_level on episodes.level_rank = now_level.level_rank
)

select * from final
