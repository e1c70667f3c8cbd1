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

days as (
    select distinct county_code, prefecture_code, opened_date
    from episodes
),

covered_days as (
    select distinct days.county_code, days.opened_date
    from days
    inner join monitored
        on
            monitored.household_key is null
            and monitored.scope_region_code in (days.county_code, days.prefecture_code)
            and days.opened_date >= monitored.valid_from_date
            and days.opened_date < monitored.valid_until_date
),

monitored_already as (
    select distinct episodes.episode_id
    from episodes
    inner join monitored
        on
            episodes.household_key = monitored.household_key
            and episodes.opened_date >= monitored.valid_from_date
            and episodes.opened_date < monitored.valid_until_date
),

final as (
    select
        episodes.* exclude (known_at),
        case when covered_days.county_code is not null then monitored_already.episode_id is not null end
            as is_monitored_at_opening,
        answers.verdict,
        answers.verified_date,
        answers.first_verified_date,
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
    left join covered_days
        on episodes.county_code = covered_days.county_code and episodes.opened_date = covered_days.opened_date
    left join monitored_already
        on episodes.episode_id = monitored_already.episode_id
    left join answers
        on episodes.episode_id = answers.episode_id
    left join {{ thresholds_of('lead_verification_working_days') }} as allowed
        on {{ in_force_on('allowed', 'episodes.pushed_date') }}
    left join calendar as pushed
        on episodes.pushed_date = pushed.calendar_date
    left join calendar as stopped
        on
            stopped.calendar_date
            = greatest(coalesce(answers.first_verified_date, run_day.run_date), episodes.pushed_date)
    left join calendar as due
        on due.is_working_day and due.working_day_number = pushed.working_day_number + allowed.value
)

select * from final
