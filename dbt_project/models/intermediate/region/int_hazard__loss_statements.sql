-- Every statement of households or fields hit, of every source, with the days on which it was the source's word: first,
-- follow-up and verified reports replace each other, also by smaller figures, and none changes what a day before it
-- could know. A call that names no event yet stands for itself; a village counts for its township.
with statements as (
    select
        'loss_report' as source_kind, 1 as source_rank, event_code, region_code, hazard_text, occurred_at,
        reported_at as stated_at, affected_household_count as household_count, affected_person_count as person_count,
        no_harvest_mu, row_usable_from_date as from_date,
        {{ superseded_date(['event_code', 'region_code'], ['reported_at', 'report_stage']) }} as until_date,
        load_id, known_at
    from {{ ref('stg_hazards__loss_reports') }}
    union all
    select
        'fire' as source_kind, 2 as source_rank, fire_code as event_code, region_code, '火灾' as hazard_text, occurred_at,
        stated_at, greatest(affected_household_count, destroyed_house_count) as household_count, null as person_count,
        null as no_harvest_mu, row_usable_from_date as from_date,
        {{ superseded_date(['fire_code'], ['stated_at']) }} as until_date, load_id, known_at
    from {{ ref('stg_hazards__fires') }}
    union all
    -- A point that fails: the households that it threatens are hit.
    select
        'geological_point' as source_kind, 2 as source_rank, point_code as event_code, region_code,
        '地质灾害' as hazard_text, cast(occurred_date - interval 8 hour as timestamp) as occurred_at,
        cast(occurred_date - interval 8 hour as timestamp) as stated_at, threatened_household_count as household_count,
        threatened_person_count as person_count, null as no_harvest_mu, usable_from_date as from_date,
        min(usable_from_date) over (
            partition by point_code order by period_end_date, load_id rows between 1 following and unbounded following
        ) as until_date,
        load_id, known_at
    from {{ ref('stg_hazards__geological_points') }}
    where point_status = '发生险情' and occurred_date is not null
    union all
    select
        'public_emergency' as source_kind, 2 as source_rank, event_code,
        coalesce(region_code, scope_region_code) as region_code, '突发公共事件' as hazard_text,
        started_at as occurred_at, stated_at, affected_household_count as household_count,
        affected_person_count as person_count, null as no_harvest_mu, row_usable_from_date as from_date,
        {{ superseded_date(['event_code'], ['stated_at']) }} as until_date, load_id, known_at
    from {{ ref('stg_hazards__public_emergencies') }}
    union all
    select
        'duty_report' as source_kind, 3 as source_rank, coalesce(event_code, report_code) as event_code,
        coalesce(region_code, scope_region_code) as region_code, hazard_text, occurred_at, reported_at as stated_at,
        affected_household_count as household_count, affected_person_count as person_count, null as no_harvest_mu,
        row_usable_from_date as from_date, {{ superseded_date(['report_code'], ['reported_at']) }} as until_date,
        load_id, known_at
    from {{ ref('stg_clues__duty_reports') }}
),

final as (
    select
        statements.* exclude (hazard_text) replace (substring(statements.region_code, 1, 9) || '000' as region_code),
        coalesce(aliases.hazard_code, 'unknown') as hazard_code,
        cast(statements.occurred_at + interval 8 hour as date) as occurred_date,
        cast(statements.stated_at + interval 8 hour as date) as stated_date
    from statements
    left join {{ ref('hazard_aliases') }} as aliases
        on {{ hazard_wording('statements.hazard_text') }} = aliases.alias_text
    where statements.until_date is null or statements.from_date < statements.until_date
)

select * from final
