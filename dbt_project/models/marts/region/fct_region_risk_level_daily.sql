-- The published level of every region and day. On the run's own day the gates speak: a withheld region keeps the
-- level of the release before, marked with its day; where that was none, or there is no release, it is unknown. A
-- level that a named person set stands before all that; what was judged is kept beside it.
{{ config(tags=['stage_3']) }}
with judged as (
    select * from {{ ref('int_level__judged_daily') }}
),

gates as (
    select region_code, outcome, cast(reasons as varchar) as reasons
    from {{ source('signals', 'region_gates') }}
    where product = 'regional_risk'
),

released as (
    select region_code, cast(level as varchar) as level, cast(as_of_date as date) as as_of_date
    from {{ source('signals', 'last_released_levels') }}
),

clock as (
    select max(as_of_date) as as_of_date from {{ source('landing', 'run_clock') }}
),

thresholds as (
    {{ thresholds_digest() }}
),

gated as (
    select
        judged.*,
        gates.outcome as gate_outcome,
        gates.reasons as gate_reasons,
        -- A region that no gate has judged is not released either: a check that did not run blocks.
        clock.as_of_date is not null and coalesce(gates.outcome, 'withhold') = 'withhold' as is_held_back
    from judged
    left join clock on judged.as_of_date = clock.as_of_date
    left join gates on judged.region_code = gates.region_code
),

kept as (
    select
        gated.* exclude (level, top_drivers, drivers_zh),
        case
            when not gated.is_held_back then gated.level
            when coalesce(released.level, 'none') in ('none', 'unknown') then 'unknown'
            else released.level
        end as judged_level,
        case
            when gated.is_held_back and coalesce(released.level, 'none') not in ('none', 'unknown')
                then released.as_of_date
            else gated.as_of_date
        end as judged_as_of_date,
        -- What did not pass its gate is not told as the reason of an older level.
        case when gated.is_held_back then '[]' else gated.top_drivers end as top_drivers,
        case when not gated.is_held_back then gated.drivers_zh end as drivers_zh
    from gated
    left join released on gated.region_code = released.region_code and gated.is_held_back
),

told as (
    select
        kept.* exclude (
            gate_outcome, gate_reasons, judged_as_of_date, is_held_back, known_at, top_drivers, drivers_zh
        ),
        {{ overridden_drivers('kept', 'overrides', 'judged', 'shown') }} as top_drivers,
        nullif(concat_ws('；', {{ override_words('overrides', 'judged', 'shown') }}, kept.drivers_zh), '') as drivers_zh,
        coalesce(overrides.level, kept.judged_level) as level,
        coalesce(shown.level_zh, '未知') as level_zh,
        case when overrides.level is null then kept.judged_as_of_date else kept.as_of_date end as level_as_of_date,
        kept.is_held_back and overrides.level is null as is_withheld,
        overrides.override_id,
        overrides.reason as override_reason,
        cast(overrides.until_on as date) as override_until_on,
        case when kept.as_of_date = clock.as_of_date then coalesce(kept.gate_outcome, 'withhold') end as gate_outcome,
        case when kept.as_of_date = clock.as_of_date then kept.gate_reasons end as gate_reasons,
        thresholds.thresholds_version,
        kept.known_at
    from kept
    cross join clock
    cross join thresholds
    left join {{ source('signals', 'overrides') }} as overrides
        on
            kept.region_code = overrides.region_code
            and kept.as_of_date >= cast(overrides.from_on as date)
            and kept.as_of_date <= cast(overrides.until_on as date)
    left join {{ ref('levels') }} as judged on kept.judged_level = judged.level
    left join {{ ref('levels') }} as shown on coalesce(overrides.level, kept.judged_level) = shown.level
),

final as (
    select
        *,
        {{ level_rank('level') }} - {{ level_rank('level_last_month') }} as change_on_last_month,
        {{ level_rank('level') }} - {{ level_rank('level_last_year') }} as change_on_last_year
    from (select told.*, {{ levels_before() }} from told) as told
)

select * from final
