{#
    New hardship that someone observed: a lead, an inclusion in the national list, a township's verdict "included".
    Events of one household that follow within the days allowed are one hardship, dated by the first. This is what the
    distress key counts. What the first list or the first month already held is stock.
#}
with households as (
    select
        household_key,
        arg_max(village_code, as_of_date) as village_code,
        arg_max(township_code, as_of_date) as township_code
    from {{ ref('int_household__monthly') }}
    group by household_key
),

leads as (
    select household_key, lead_date as hardship_date, 'lead' as source, 1 as source_rank, village_code, township_code
    from {{ ref('int_household__leads') }}
    where not is_baseline
),

inclusions as (
    select
        household_key,
        included_date as hardship_date,
        'inclusion' as source,
        3 as source_rank,
        village_code,
        township_code
    from {{ ref('int_household__inclusions') }}
),

verdicts as (
    select
        verdicts.household_key,
        verdicts.usable_from_date as hardship_date,
        'verdict' as source,
        2 as source_rank,
        households.village_code,
        coalesce(households.township_code, verdicts.township_code) as township_code
    from {{ ref('stg_townships__verdicts') }} as verdicts
    left join households
        on verdicts.household_key = households.household_key
    where verdicts.verdict = 'included'
),

observed as (
    select * from leads
    union all
    select * from verdicts
    union all
    select * from inclusions
),

events as (
    select
        *,
        lag(hardship_date) over (
            partition by household_key order by hardship_date, source_rank, township_code
        ) as previous_date
    from observed
),

run_day as (
    select max(as_of_date) as run_date from {{ source('landing', 'run_clock') }}
),

final as (
    select
        events.household_key,
        events.hardship_date,
        events.source,
        events.village_code,
        events.township_code,
        substring(events.township_code, 1, 6) || '000000' as county_code,
        substring(events.township_code, 1, 4) || '00000000' as prefecture_code
    from events
    cross join run_day
    left join {{ thresholds_of('hardship_episode_days') }} as apart
        on {{ in_force_on('apart', 'events.hardship_date') }}
    where
        events.hardship_date <= run_day.run_date
        and (
            events.previous_date is null
            or events.hardship_date - events.previous_date > apart.value
        )
)

select * from final
