-- The published level of every region and day. On the run's own day the gates speak: a withheld region keeps the
-- level of the current release, marked with its day; where that was none, or there is no release, it is unknown.
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

levels as (
    select level, level_zh from {{ ref('levels') }}
),

-- A digest of every threshold as the run had it, so that a level can be matched to the numbers behind it.
thresholds as (
    select
        md5(string_agg(
            concat_ws(
                '|', threshold_id, coalesce(level, ''), value, unit, in_force_from,
                coalesce(cast(in_force_to as varchar), ''), known_from
            ), ';' order by threshold_id, in_force_from, known_from
        )) as thresholds_version
    from {{ ref('thresholds') }}
),

gated as (
    select
        judged.*,
        gates.outcome as gate_outcome,
        gates.reasons as gate_reasons,
        -- A region that no gate has judged is not released either: a check that did not run blocks.
        clock.as_of_date is not null and coalesce(gates.outcome, 'withhold') = 'withhold' as is_withheld
    from judged
    left join clock on judged.as_of_date = clock.as_of_date
    left join gates on judged.region_code = gates.region_code
),

published as (
    select
        gated.* exclude (level),
        case
            when not gated.is_withheld then gated.level
            when coalesce(released.level, 'none') in ('none', 'unknown') then 'unknown'
            else released.level
        end as level,
        case
            when gated.is_withheld and coalesce(released.level, 'none') not in ('none', 'unknown')
                then released.as_of_date
            else gated.as_of_date
        end as level_as_of_date
    from gated
    left join released on gated.region_code = released.region_code and gated.is_withheld
),

final as (
    select
        published.* exclude (
            gate_outcome, gate_reasons, level, level_as_of_date, is_withheld, known_at, top_drivers, drivers_zh
        ),
        -- What did not pass its gate is not told as the reason of an older level.
        case when published.is_withheld then '[]' else published.top_drivers end as top_drivers,
        case when not published.is_withheld then published.drivers_zh end as drivers_zh,
        published.level,
        coalesce(levels.level_zh, '未知') as level_zh,
        published.level_as_of_date,
        published.is_withheld,
        case
            when published.as_of_date = clock.as_of_date then coalesce(published.gate_outcome, 'withhold')
        end as gate_outcome,
        case when published.as_of_date = clock.as_of_date then published.gate_reasons end as gate_reasons,
        thresholds.thresholds_version,
        published.known_at
    from published
    cross join clock
    cross join thresholds
    left join levels on published.level = levels.level
)

select * from final
