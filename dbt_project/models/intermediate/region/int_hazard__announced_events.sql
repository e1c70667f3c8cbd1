-- R16 and R18: every statement of a pest survey, an animal disease, an epidemic or another public emergency, with the
-- colour of its grade (seed event_grades), how long it says that the event lasts, and the days on which it was the word
-- on it. A grade that is no colour (lifted, light) ends what was.
with told as (
    select
        'crop_pest' as event_kind, region_code || crop_text || pest_text as event_code, region_code,
        crop_text as subject, severity as grade_text, cast(surveyed_date - interval 8 hour as timestamp) as began_at,
        cast(null as timestamp) as ends_at, affected_mu as amount, false as is_everywhere,
        row_usable_from_date as from_date,
        {{ superseded_date(['region_code', 'crop_text', 'pest_text'], ['surveyed_date']) }} as until_date,
        load_id, known_at
    from {{ ref('stg_hazards__crop_pests') }}
    union all
    -- Before a township is closed the disease is that of one herd.
    select
        'animal_disease' as event_kind, outbreak_code as event_code, region_code, species as subject,
        outbreak_status as grade_text, cast(stated_date - interval 8 hour as timestamp) as began_at, null as ends_at,
        stock_head as amount, outbreak_status = '封锁' as is_everywhere, row_usable_from_date as from_date,
        {{ superseded_date(['outbreak_code'], ['stated_date']) }} as until_date, load_id, known_at
    from {{ ref('stg_hazards__animal_disease') }}
    union all
    -- The last day of a closure is closed; who sent an emergency's file without a region's code speaks for his own.
    select
        'epidemic' as event_kind, event_code || region_code as event_code, region_code, null as subject,
        control_level as grade_text,
        coalesce(cast(closed_from_date - interval 8 hour as timestamp), announced_at) as began_at,
        cast(closed_to_date + interval 16 hour as timestamp) as ends_at, null as amount, true as is_everywhere,
        row_usable_from_date as from_date,
        {{ superseded_date(['event_code', 'region_code'], ['announced_at']) }} as until_date, load_id, known_at
    from {{ ref('stg_hazards__epidemic') }}
    union all
    select
        'public_emergency' as event_kind, event_code, coalesce(region_code, scope_region_code) as region_code,
        null as subject, event_grade as grade_text, started_at as began_at,
        greatest(ended_at, case when stopped_days > 0 then started_at + to_days(cast(stopped_days as integer)) end)
            as ends_at,
        null as amount, true as is_everywhere, row_usable_from_date as from_date,
        {{ superseded_date(['event_code'], ['stated_at']) }} as until_date, load_id, known_at
    from {{ ref('stg_hazards__public_emergencies') }}
),

final as (
    select
        told.event_kind as source,
        told.event_code,
        -- A village counts for its township.
        substring(told.region_code, 1, 9) || '000' as region_code,
        case
            when subjects.hazard_code is not null then subjects.hazard_code
            when told.event_kind = 'crop_pest' then 'pest'
            when told.event_kind = 'animal_disease' then 'stock_disease'
            else told.event_kind
        end as hazard_code,
        levels.level_rank as colour_rank,
        told.began_at,
        told.ends_at,
        grades.days_in_force,
        told.amount,
        told.is_everywhere,
        subjects.farmed_as,
        told.from_date,
        told.until_date,
        told.load_id,
        told.known_at
    from told
    inner join {{ ref('event_grades') }} as grades
        on told.event_kind = grades.event_kind and told.grade_text = grades.grade_text
    inner join {{ ref('levels') }} as levels on grades.colour = levels.level
    left join {{ ref('event_subjects') }} as subjects
        on told.event_kind = subjects.event_kind and told.subject = subjects.subject_text
)

select * from final
where until_date is null or from_date < until_date
