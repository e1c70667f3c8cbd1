{#
    R64: for how long nobody followed a helper who left, contacts and responsible persons apart, from the last day of
    the one to the first of the next (the day a clock starts does not count). Who left because the risk was eliminated
    is not to be followed; nor is one beside whom another of the kind stayed.
#}
with terms as (
    select * from {{ ref('int_help__helper_terms_monthly') }}
),

departures as (
    select distinct
        household_key, as_of_date, helper_kind, to_date, helpers_told_from_date, helpers_list_end_date,
        max(end_reason) over (partition by household_key, as_of_date, helper_kind, to_date) as end_reason
    from terms
    where
        to_date >= monitored_from_date
        and to_date <= helpers_list_end_date
        and end_reason is distinct from 'risk_eliminated'
),

followed as (
    select
        departures.household_key,
        departures.as_of_date,
        departures.helper_kind,
        departures.to_date,
        departures.end_reason,
        departures.helpers_told_from_date,
        departures.helpers_list_end_date,
        min(terms.from_date) filter (where terms.from_date > departures.to_date) as next_from_date,
        bool_or(terms.from_date <= departures.to_date and terms.last_date > departures.to_date) as is_another_there
    from departures
    inner join terms
        on
            departures.household_key = terms.household_key
            and departures.as_of_date = terms.as_of_date
            and departures.helper_kind = terms.helper_kind
    group by
        departures.household_key, departures.as_of_date, departures.helper_kind, departures.to_date,
        departures.end_reason, departures.helpers_told_from_date, departures.helpers_list_end_date
),

final as (
    select
        household_key,
        as_of_date,
        helper_kind,
        to_date as left_date,
        end_reason,
        next_from_date,
        coalesce(next_from_date, helpers_list_end_date) - to_date as gap_days,
        coalesce(next_from_date >= helpers_told_from_date, true) as is_told_now
    from followed
    where not is_another_there
)

select * from final
