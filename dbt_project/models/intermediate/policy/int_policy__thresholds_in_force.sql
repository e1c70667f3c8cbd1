{#
    Which number of policy holds on which day. A threshold counts from the day it is in force and known, whichever is
    later; where two of one parameter overlap, the one known later holds. A day without a row has no threshold: join
    with a left join (macros/threshold.sql) and say so.
#}
with thresholds as (
    select
        *,
        greatest(in_force_from, known_from) as holds_from,
        coalesce(in_force_to, date '9999-12-30') + interval 1 day as holds_until
    from {{ ref('thresholds') }}
),

borders as (
    select rule_id, parameter, level, cast(holds_from as date) as border_date
    from thresholds
    union
    select rule_id, parameter, level, cast(holds_until as date) as border_date
    from thresholds
),

spans as (
    select
        *,
        lead(border_date) over (partition by rule_id, parameter, level order by border_date) as next_border_date
    from borders
),

candidates as (
    select
        thresholds.*,
        spans.border_date as valid_from_date,
        cast(spans.next_border_date - interval 1 day as date) as valid_to_date,
        row_number() over (
            partition by spans.rule_id, spans.parameter, spans.level, spans.border_date
            order by thresholds.known_from desc, thresholds.in_force_from desc, thresholds.threshold_id asc
        ) as preference
    from spans
    inner join thresholds
        on
            spans.rule_id = thresholds.rule_id
            and spans.parameter = thresholds.parameter
            and spans.level is not distinct from thresholds.level
            and spans.border_date >= thresholds.holds_from
            and spans.border_date < thresholds.holds_until
    where spans.next_border_date is not null
),

final as (
    select
        threshold_id,
        rule_id,
        parameter,
        level,
        value,
        unit,
        valid_from_date,
        valid_to_date,
        known_from,
        document_id,
        clause,
        origin
    from candidates
    where preference = 1
)

select * from final
