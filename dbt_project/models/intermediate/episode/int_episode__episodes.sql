-- What became of each episode: its span, its level now and at its highest, how often it went up, down and came back.
with placed as (
    select
        raised.*,
        stretches.episode_id,
        stretches.opened_on,
        max(raised.level_rank) over (partition by stretches.episode_id) as highest_rank,
        raised.as_of_date = max(raised.as_of_date) over (partition by stretches.episode_id) as is_last_day
    from {{ ref('int_episode__days') }} as raised
    inner join {{ ref('int_episode__stretches') }} as stretches
        on raised.region_code = stretches.region_code and raised.stretch_number = stretches.stretch_number
),

yellow as (
    select level_rank from {{ ref('levels') }}
    where level = 'yellow'
),

marked as (
    select
        placed.*,
        placed.level_rank >= yellow.level_rank as is_yellow,
        placed.as_of_date = min(case when placed.level_rank = placed.highest_rank then placed.as_of_date end)
            over (partition by placed.episode_id) as is_highest_day
    from placed
    cross join yellow
),

final as (
    select
        episode_id,
        region_code,
        max(region_name) as region_name,
        max(region_level) as region_level,
        max(opened_on) as opened_on,
        max(case when is_last_day and level_rank = 0 then as_of_date end) as closed_on,
        -- The present stretch: an episode that came back is owed an answer anew.
        max(case when before_rank = 0 then as_of_date end) as since_on,
        max(case when is_last_day then level_rank end) as level_rank,
        max(highest_rank) as highest_rank,
        max(case when is_highest_day then as_of_date end) as highest_on,
        count(*) filter (where is_yellow) as yellow_or_above_days,
        count(*) filter (where is_unknown) as unknown_days,
        count(*) filter (where level_rank > before_rank and before_rank > 0) as escalation_count,
        count(*) filter (where level_rank < before_rank and level_rank > 0) as de_escalation_count,
        count(distinct stretch_number) - 1 as reopening_count,
        max(case when is_highest_day then drivers_zh end) as drivers_zh,
        max(case when is_highest_day then exposed_household_count end) as exposed_household_count,
        max(case when is_highest_day then vulnerable_household_count end) as vulnerable_household_count,
        max(case when is_last_day then cautions end) as cautions,
        max(known_at) as known_at
    from marked
    group by episode_id, region_code
)

select * from final
