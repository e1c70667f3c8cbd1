{#
    Which cumulative lists add up to twelve months for a county and judged month: this year's newest, plus last
    December's, minus last year's same month (a December list is the sum already). Where one of them is missing, or the
    newest is too old, the twelve-month sum is unknown; this year's list alone still says "at least so much".
#}
with newest_lists as (
    select lists.*
    from {{ ref('int_household__lists_in_force') }} as lists
    left join {{ thresholds_of('self_pay_max_age') }} as max_age
        on {{ in_force_on('max_age', 'lists.as_of_date') }}
    where
        lists.table_name = 'medical_insurance'
        and {{ months_between('lists.list_month', 'lists.as_of_date') }} <= max_age.value
),

known_lists as (
    select
        scope_region_code,
        cast(date_trunc('month', period_end_date) as date) as list_month,
        min(usable_from_date) as usable_from_date
    from {{ ref('stg_landing__newest_loads') }}
    where table_name = 'medical_insurance'
    group by scope_region_code, cast(date_trunc('month', period_end_date) as date)
),

terms as (
    select
        as_of_date,
        county_code,
        list_month,
        1 as sign,
        true as is_newest
    from newest_lists
    union all
    select
        as_of_date,
        county_code,
        cast(date_trunc('year', list_month) - interval 1 month as date) as list_month,
        1 as sign,
        false as is_newest
    from newest_lists
    where extract(month from list_month + interval 1 month) <> 1
    union all
    select
        as_of_date,
        county_code,
        cast(list_month - interval 12 month as date) as list_month,
        -1 as sign,
        false as is_newest
    from newest_lists
    where extract(month from list_month + interval 1 month) <> 1
),

checked as (
    select
        terms.as_of_date,
        terms.county_code,
        terms.list_month,
        terms.sign,
        terms.is_newest,
        coalesce(bool_or(known_lists.usable_from_date <= terms.as_of_date), false) as is_known
    from terms
    left join known_lists
        on
            terms.list_month = known_lists.list_month
            and known_lists.scope_region_code in (
                terms.county_code, substring(terms.county_code, 1, 4) || '00000000'
            )
    group by terms.as_of_date, terms.county_code, terms.list_month, terms.sign, terms.is_newest
),

final as (
    select
        as_of_date,
        county_code,
        list_month,
        sign,
        is_newest,
        bool_and(is_known) over (partition by as_of_date, county_code) as is_complete
    from checked
)

select * from final
