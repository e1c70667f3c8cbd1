-- Who helps each monitored household in a judged month, in one row: the newly told days on which R66 did not hold,
-- the longest gap after a helper who left (R64), and the first contact after the label (R65).
with households as (
    select * from {{ ref('int_help__households_monthly') }}
),

spells as (
    select
        spells.*,
        least(spells.to_date, households.helpers_list_end_date)
        - greatest(spells.from_date, households.helpers_told_from_date) + 1 as told_days,
        spells.to_date = households.helpers_list_end_date as is_last
    from {{ ref('int_help__contact_spells_monthly') }} as spells
    inner join households
        on
            spells.household_key = households.household_key
            and spells.as_of_date = households.as_of_date
            and spells.to_date >= households.helpers_told_from_date
),

days as (
    select
        household_key,
        as_of_date,
        cast(sum(told_days) as integer) as judged_days,
        {%- for name, condition in [
            ('breach', 'is_too_few or is_too_many or is_county_missing'), ('too_few', 'is_too_few'),
            ('too_many', 'is_too_many'), ('county_missing', 'is_county_missing and not is_too_few')
        ] %}
            cast(case
                when bool_and(({{ condition }}) is not null)
                    then sum(case when {{ condition }} then told_days else 0 end)
            end as integer) as {{ name }}_days,
        {%- endfor %}
        max(contact_count) filter (where is_last) as contact_count,
        max(county_contact_count) filter (where is_last) as county_contact_count
    from spells
    group by household_key, as_of_date
),

gaps as (
    select
        household_key,
        as_of_date,
        max(gap_days) as longest_gap_days,
        string_agg(
            helper_kind || ':' || cast(left_date as varchar) || ':' || coalesce(end_reason, 'not_stated')
            || ':' || cast(gap_days as varchar), ',' order by helper_kind, left_date
        ) as helper_gaps
    from {{ ref('int_help__helper_gaps_monthly') }}
    where is_told_now
    group by household_key, as_of_date
),

terms as (
    select
        household_key,
        as_of_date,
        min(greatest(from_date, monitored_from_date)) filter (
            where helper_kind = 'contact' and last_date > monitored_from_date
        ) as first_contact_date
    from {{ ref('int_help__helper_terms_monthly') }}
    group by household_key, as_of_date
),

final as (
    select
        households.*,
        days.judged_days,
        days.breach_days,
        days.too_few_days,
        days.too_many_days,
        days.county_missing_days,
        days.contact_count,
        days.county_contact_count,
        case when terms.household_key is not null then coalesce(gaps.longest_gap_days, 0) end as longest_gap_days,
        gaps.helper_gaps,
        case when households.helpers_load_id is not null then terms.household_key is not null end
            as has_ever_had_helper,
        terms.first_contact_date,
        coalesce(terms.first_contact_date, households.helpers_list_end_date) - households.labelled_date
            as days_to_contact
    from households
    left join days using (household_key, as_of_date)
    left join gaps using (household_key, as_of_date)
    left join terms using (household_key, as_of_date)
)

select * from final
