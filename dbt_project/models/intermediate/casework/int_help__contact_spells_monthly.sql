{#
    R66 on every day: the monitored time of a household, from the day after its label to the end of the list in force,
    cut where a contact begins or has left. Within a piece nothing changes, so that a piece answers for all its days.
    The contact counts by who arranged it, wherever employed (§4(3)); one person with two terms counts once.
#}
with households as (
    select * from {{ ref('int_help__households_monthly') }}
    where helpers_load_id is not null and monitored_from_date < helpers_list_end_date
),

contacts as (
    select * from {{ ref('int_help__helper_terms_monthly') }}
    where helper_kind = 'contact' and last_date > monitored_from_date
),

cuts as (
    select household_key, as_of_date, cast(monitored_from_date + interval 1 day as date) as cut_date from households
    union
    select household_key, as_of_date, cast(helpers_list_end_date + interval 1 day as date) as cut_date from households
    union
    select household_key, as_of_date, from_date as cut_date from contacts
    where from_date > monitored_from_date
    union
    select household_key, as_of_date, cast(last_date + interval 1 day as date) as cut_date from contacts
    where last_date < helpers_list_end_date
),

pieces as (
    select
        household_key,
        as_of_date,
        cut_date as from_date,
        lead(cut_date) over (partition by household_key, as_of_date order by cut_date) as until_date
    from cuts
),

counted as (
    select
        pieces.household_key,
        pieces.as_of_date,
        pieces.from_date,
        pieces.until_date,
        cast(count(distinct contacts.helper_person_key) as integer) as contact_count,
        cast(count(distinct contacts.helper_person_key) filter (
            where contacts.is_arranged_by_county
        ) as integer) as county_contact_count
    from pieces
    left join contacts
        on
            pieces.household_key = contacts.household_key
            and pieces.as_of_date = contacts.as_of_date
            and pieces.from_date >= contacts.from_date
            and pieces.from_date <= contacts.last_date
    where pieces.until_date is not null
    group by pieces.household_key, pieces.as_of_date, pieces.from_date, pieces.until_date
),

final as (
    select
        counted.household_key,
        counted.as_of_date,
        counted.from_date,
        cast(counted.until_date - interval 1 day as date) as to_date,
        counted.until_date - counted.from_date as spell_days,
        counted.contact_count,
        counted.county_contact_count,
        counted.contact_count < fewest.value as is_too_few,
        counted.contact_count > most.value as is_too_many,
        counted.county_contact_count < county_fewest.value as is_county_missing
    from counted
    left join {{ thresholds_of('helpers_min') }} as fewest
        on {{ in_force_on('fewest', 'counted.as_of_date') }}
    left join {{ thresholds_of('helpers_max') }} as most
        on {{ in_force_on('most', 'counted.as_of_date') }}
    left join {{ thresholds_of('helpers_county_min') }} as county_fewest
        on {{ in_force_on('county_fewest', 'counted.as_of_date') }}
)

select * from final
