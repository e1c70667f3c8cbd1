-- Each case that townships opened under a number: when it began, whether and how it closed.
with recorded as (
    select * from {{ ref('int_case__recorded_steps') }}
),

final as (
    select
        'C' || substring(md5('procedure|' || case_kind || '|' || case_code || '|' || household_key), 1, 12) as case_id,
        case_code,
        household_key,
        case_kind,
        max(village_code) as village_code,
        max(monitored_type) as monitored_type,
        min(step_date) as start_date,
        max(step_date) filter (where step = 'labelled') as labelled_date,
        max(step_date) filter (where step = 'ended') as ended_date,
        max(step_date) filter (where step in ('labelled', 'ended')) as closed_date,
        max(usable_from_date) as usable_from_date,
        string_agg(distinct load_id, ',' order by load_id) as source_load_ids,
        max(known_at) as known_at
    from recorded
    group by case_code, household_key, case_kind
)

select * from final
