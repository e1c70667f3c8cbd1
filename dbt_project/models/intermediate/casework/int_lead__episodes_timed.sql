{#
    R34's clock for every lead: pushed on the day on which it could first stand on its township's list, to be verified
    within `lead_verification_working_days` after it. A day of a year whose working days are not known gives no clock.
#}
with episodes as (
    select * from {{ ref('int_lead__episodes') }}
),

answers as (
    select * from {{ ref('int_lead__episodes_answered') }}
),

calendar as (
    select * from {{ ref('calendar_days') }}
),

monitored as (
    select * from {{ ref('int_lead__monitored_spans') }}
),

run_day as (
    select max(as_of_date) as run_date from {{ source('landing', 'run_clock') }}
),

known as (
    select
        episodes.episode_id,
        max(monitored.household_key) as monitored_household_key
    from episodes
    inner join monitored
        on
            monitored.scope_region_code in (episodes.county_code, episodes.prefecture_code)
            and (monitored.household_key is null or episodes.household_key = monitored.household_key)
            and episodes.opened_date >= monitored.valid_from_date
            and episodes.opened_date < monitored.valid_until_date
    group by episodes.episode_id
),

final as (
    select
        episodes.* exclude (known_at),
        case when known.episode_id is not null then known.monitored_household_key is not null end
            as is_monitored_at_opening,
        answers.verdict,
        answers.verified_date,
        answers.usable_from_date as verdict_usable_from_date,
        answers.source as verdict_source,
        answers.load_id as verdict_load_id,
        allowed.value as allowed_working_days,
        allowed.threshold_id,
        allowed.unit,
        due.calendar_date as due_date,
        {{ working_days_after('pushed', 'stopped') }} as taken_working_days,
        run_day.run_date,
        greatest(episodes.known_at, answers.known_at) as known_at
    from episodes
    cross join run_day
    left join known
        on episodes.episode_id = known.episode_id
    left join answers
        on episodes.episode_id = answers.episode_id
    left join {{ thresholds_of('lead_verification_working_days') }} as allowed
        on {{ in_force_on('allowed', 'episodes.pushed_date') }}
    left join calendar as pushed
        on episodes.pushed_date = pushed.calendar_date
    left join calendar as stopped
        on greatest(coalesce(answers.verified_date, run_day.run_date), episodes.pushed_date) = stopped.calendar_date
    left join calendar as due
        on due.is_working_day and due.working_day_number = pushed.working_day_number + allowed.value
)

select * from final
