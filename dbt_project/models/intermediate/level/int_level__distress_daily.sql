-- The distress of a region: households newly in hardship, by number, or by share of V when it is also getting worse;
-- one level more where the month before was unusual for its season or stood in a cluster. A region without registered
-- households is unknown; one with few is judged by numbers alone.
with counted as (
    select * from {{ ref('int_level__hardship_daily') }}
),

cuts as (
    select
        by_count.as_of_date, by_count.level_rank,
        by_count.threshold_value as count_cut, by_count.unit as count_unit, by_count.threshold_id as count_threshold_id,
        by_share.threshold_value as share_cut, by_share.unit as share_unit, by_share.threshold_id as share_threshold_id
    from {{ ref('int_region__cuts_daily') }} as by_count
    left join {{ ref('int_region__cuts_daily') }} as by_share
        on
            by_count.as_of_date = by_share.as_of_date
            and by_count.level_rank = by_share.level_rank
            and by_share.parameter = 'new_leads_share_from'
    where by_count.parameter = 'new_leads_from'
),

-- Compared by multiplication. An empty window before counts as one household: a calmer month gives no lower level.
graded as (
    select
        counted.*, cuts.* exclude (as_of_date),
    {%- for name, share in [('', '1'), ('held_', 'counted.hysteresis_share')] %}
        counted.new_count >= {{ share }} * cuts.count_cut * counted.count_factor as is_{{ name }}by_count,
        counted.vulnerable_household_count >= counted.min_base
        and counted.new_count > 0
        and counted.new_count >= {{ share }} * cuts.share_cut * counted.vulnerable_household_count
        and counted.new_count >= {{ share }} * counted.worsening_from * greatest(counted.previous_count, 1)
            as is_{{ name }}by_share{{ ',' if not loop.last }}
    {%- endfor %}
    from counted
    inner join cuts on counted.as_of_date = cuts.as_of_date
    where counted.vulnerable_household_count is not null
),

levels as (
    select
        *,
        max(case when is_by_count or is_by_share then level_rank else 0 end)
            over (partition by region_code, as_of_date) as own_rank,
        max(case when is_held_by_count or is_held_by_share then level_rank else 0 end)
            over (partition by region_code, as_of_date) as own_hold_rank,
        max(level_rank) over (partition by region_code, as_of_date) as highest_rank,
        cast(coalesce(lift_ranks, 0) as integer) as lift_rank
    from graded
),

-- The threshold shown is the one reached, or the lowest one where none is.
measured as (
    select
        counted.*,
        levels.is_by_share and not levels.is_by_count as is_shown_as_share,
        levels.count_cut, levels.count_unit, levels.count_threshold_id,
        levels.share_cut, levels.share_unit, levels.share_threshold_id,
        {{ rank_level('least(levels.own_rank + levels.lift_rank, levels.highest_rank)') }} as raw_level,
        -- What a month that is not known might have lifted is not taken back.
        case
            when counted.is_lift_unknown then 'unknown'
            else {{ rank_level('least(levels.own_hold_rank + levels.lift_rank, levels.highest_rank)') }}
        end as hold_level
    from counted
    left join levels
        on
            counted.region_code = levels.region_code
            and counted.as_of_date = levels.as_of_date
            and levels.level_rank = greatest(levels.own_rank, 1)
),

held as (
    {{ hysteresis('measured', ['region_code'], 'as_of_date', 'hysteresis_days') }}
),

final as (
    select
        region_code, as_of_date, 'R25' as rule_id, 'distress' as dimension, 'new_hardship' as subject,
        case level when 'unknown' then 'unknown' when 'none' then 'clear' else 'raised' end as status,
        raw_level, hold_level, level,
        cast(
            case when is_shown_as_share then cast(new_count as double) / vulnerable_household_count else new_count end
            as decimal(18, 6)
        ) as observed_value,
        cast(case when is_shown_as_share then share_cut else count_cut * count_factor end as decimal(18, 6))
            as threshold_value,
        case when is_shown_as_share then share_unit else count_unit end as unit,
        case when is_shown_as_share then share_threshold_id else count_threshold_id end as threshold_id,
        new_count as exposed_household_count, vulnerable_household_count, new_count, previous_count,
        cast(json_object(
            'new_count', new_count, 'previous_count', previous_count, 'window_days', window_days,
            'unusual_by', unusual_by, 'unusual_count', unusual_count, 'history_tier', history_tier,
            'unusual_expected_count', unusual_expected_count, 'lift_ranks', lift_ranks,
            'caution', case when vulnerable_household_count < min_base then 'below_min_base' end, 'clause', '§2(3)'
        ) as varchar) as evidence,
        known_at
    from held
)

select * from final
