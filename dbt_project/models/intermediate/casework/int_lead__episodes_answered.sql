{#
    The township's answer to a lead: the one that names it, else the first on its household from the opening day on,
    while the lead lives (until the next one opens, or no signal came for `lead_gap_days`); one on the same rule goes
    before one on another. The township had looked on the day of the first of them, whichever says the result.
#}
with episodes as (
    select * from {{ ref('int_lead__episodes') }}
),

answers as (
    select * from {{ ref('int_lead__answers') }}
),

candidates as (
    select
        episodes.episode_id,
        answers.verdict,
        answers.verified_date,
        min(answers.verified_date) over (partition by episodes.episode_id) as first_verified_date,
        answers.usable_from_date,
        answers.source,
        answers.load_id,
        answers.row_number,
        answers.known_at,
        row_number() over (
            partition by episodes.episode_id
            order by
                (answers.lead_id is not distinct from episodes.episode_id) desc,
                coalesce(answers.rule_id = episodes.rule_id, false) desc,
                answers.verified_date asc, answers.usable_from_date asc, answers.load_id asc, answers.row_number asc
        ) as preference
    from episodes
    inner join answers
        on episodes.household_key = answers.household_key and episodes.opened_date <= answers.verified_date
    left join {{ thresholds_of('lead_gap_days') }} as apart
        on {{ in_force_on('apart', 'episodes.last_seen_date') }}
    where
        answers.lead_id = episodes.episode_id
        or (
            answers.verified_date - episodes.last_seen_date <= apart.value
            and (episodes.next_opened_date is null or answers.verified_date < episodes.next_opened_date)
        )
),

final as (
    select
        episode_id, verdict, verified_date, first_verified_date, usable_from_date, source, load_id, row_number, known_at
    from candidates
    where preference = 1
)

select * from final
