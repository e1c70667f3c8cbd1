-- Every shock in every township that it reaches, whatever its kind: what it is, since when, how grave, and whether its
-- effect on households is computed: it is in force on the run's day, or it ended within impact_window_days before it,
-- by the highest level that it reached anywhere. Of a hazard whose type nobody recognised no effect can be told.
with spells as (
    select * from {{ ref('int_shock__hazard_spells') }}
    union all
    select * from {{ ref('int_shock__price_spells') }}
    union all
    select * from {{ ref('int_shock__livelihood_spells') }}
),

judged as (
    select max(as_of_date) as as_of_date from {{ source('landing', 'run_clock') }}
),

whole as (
    select
        shock_id,
        bool_or(is_open) as is_open,
        max(last_held_date) as last_held_date,
        {{ rank_level('max(' ~ level_rank('severity') ~ ')') }} as severity
    from spells
    group by shock_id
),

final as (
    select
        spells.*,
        judged.as_of_date,
        coalesce(spells.subject <> 'unknown', true) and (
            whole.is_open
            or coalesce(judged.as_of_date - whole.last_held_date <= impact_window.value, false)
        ) as is_computed
    from spells
    inner join whole on spells.shock_id = whole.shock_id
    cross join judged
    left join {{ thresholds_of('impact_window_days') }} as impact_window
        on whole.severity = impact_window.level and {{ in_force_on('impact_window', 'judged.as_of_date') }}
)

select * from final
