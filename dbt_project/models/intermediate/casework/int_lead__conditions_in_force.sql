{#
    What the departments' lists are asked on which day, from the seed department_triggers. A version of a trigger holds
    from the day it is in force and known; where two overlap, the one known later holds, whole, with all its conditions.
#}
with triggers as (
    select
        *,
        greatest(in_force_from, known_from) as holds_from,
        coalesce(in_force_to, date '9999-12-31') as holds_to
    from {{ ref('department_triggers') }}
),

versions as (
    select distinct trigger_id, holds_from, holds_to
    from triggers
),

spans as (
    select
        trigger_id,
        holds_from,
        least(
            max(holds_to),
            lead(cast(holds_from - interval 1 day as date)) over (partition by trigger_id order by holds_from)
        ) as holds_to
    from versions
    group by trigger_id, holds_from
),

final as (
    select
        triggers.trigger_id,
        triggers.condition_number,
        cast(count(*) over (partition by triggers.trigger_id, triggers.holds_from) as integer) as condition_count,
        triggers.feed,
        triggers.column_name,
        triggers.condition,
        case
            when triggers.condition in ('at_least', 'above', 'at_most')
                then cast(triggers.value_text as decimal(18, 2))
        end as threshold,
        '|' || triggers.value_text || '|' as words,
        triggers.unit,
        triggers.applies_to,
        risks.risk_code,
        triggers.reason_zh,
        spans.holds_from as valid_from_date,
        spans.holds_to as valid_to_date
    from triggers
    inner join spans
        on triggers.trigger_id = spans.trigger_id and triggers.holds_from = spans.holds_from
    left join {{ ref('risk_types') }} as risks
        on triggers.risk_text = risks.alias_text
)

select * from final
