-- Every shock in every township that it reaches, whatever its kind: what it is, since when, how grave, and whether its
-- effect on households is computed (it is in force on the run's day, or ended within impact_window_days before it).
with spells as (
    select * from {{ ref('int_shock__hazard_spells') }}
    union all
    select * from {{ ref('int_shock__price_spells') }}
    union all
    select * from {{ ref('int_shock__job_spells') }}
),

judged as (
    select max(as_of_date) as as_of_date from {{ source('landing', 'run_clock') }}
),

final as (
    select
        spells.*,
        judged.as_of_date,
        spells.is_open
        or coalesce(judged.as_of_date - spells.last_held_date <= impact_window.value, false) as is_computed
    from spells
    cross join judged
    left join {{ thresholds_of('impact_window_days') }} as impact_window
        on {{ in_force_on('impact_window', 'judged.as_of_date') }}
)

select * from final
