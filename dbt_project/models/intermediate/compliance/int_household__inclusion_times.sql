{#
    Each inclusion with its three days: when a sign of it was first told (an application of the case, a self-report or a
    visit that found a risk, in the window before), when the household was labelled in the national system, and when the
    first measure after that sign began. Each with the day from which it could be used.
#}
with labelled as (
    select
        case_code,
        min(household_key) as household_key,
        min(region_code) as village_code,
        min(step_date) as included_date,
        min(row_usable_from_date) as usable_from_date,
        max(known_at) as known_at
    from {{ ref('stg_townships__procedure_events') }}
    where procedure_kind = '纳入' and procedure_step = '系统标注'
    group by case_code
),

inclusions as (
    select labelled.*, detection_window.value as window_days
    from labelled
    left join {{ thresholds_of('detection_window_days') }} as detection_window
        on {{ in_force_on('detection_window', 'labelled.included_date') }}
),

signs as (
    select household_key, step_date as sign_date
    from {{ ref('stg_townships__procedure_events') }}
    where procedure_kind = '纳入' and procedure_step = '农户申请'
    union all
    select household_key, applied_date as sign_date
    from {{ ref('stg_townships__self_reports') }}
    where household_key is not null
    union all
    select household_key, visit_date as sign_date
    from {{ ref('stg_townships__cadre_visits') }}
    where has_risk_found
),

detected as (
    select inclusions.case_code, min(signs.sign_date) as detected_date
    from inclusions
    inner join signs
        on
            inclusions.household_key = signs.household_key
            and inclusions.included_date >= signs.sign_date
            and inclusions.included_date - signs.sign_date <= inclusions.window_days
    group by inclusions.case_code
),

begun as (
    select household_key, measure_code, start_date, min(usable_from_date) as usable_from_date
    from {{ ref('stg_assistance__measures') }}
    where start_date is not null
    group by household_key, measure_code, start_date
),

helped as (
    select
        inclusions.case_code,
        begun.start_date,
        begun.usable_from_date,
        row_number() over (
            partition by inclusions.case_code order by begun.start_date, begun.usable_from_date, begun.measure_code
        ) as beginning
    from inclusions
    left join detected on inclusions.case_code = detected.case_code
    inner join begun
        on
            inclusions.household_key = begun.household_key
            and begun.start_date >= coalesce(detected.detected_date, inclusions.included_date)
),

final as (
    select
        inclusions.case_code,
        inclusions.household_key,
        inclusions.village_code,
        detected.detected_date,
        inclusions.included_date,
        helped.start_date as first_measure_date,
        inclusions.included_date - detected.detected_date as inclusion_days,
        -- help that came before the label did not wait for it
        case
            when helped.start_date is not null then greatest(helped.start_date - inclusions.included_date, 0)
        end as first_measure_days,
        inclusions.usable_from_date,
        helped.usable_from_date as first_measure_usable_from_date,
        inclusions.known_at
    from inclusions
    left join detected on inclusions.case_code = detected.case_code
    left join helped on inclusions.case_code = helped.case_code and helped.beginning = 1
)

select * from final
