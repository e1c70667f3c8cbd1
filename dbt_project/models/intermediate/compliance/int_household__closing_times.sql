{#
    Each time that a household's risk was labelled as gone: when the first measure since the label before began, and how
    many days the help took. Each with the day from which it could be used.
#}
with labelled as (
    select
        case_code,
        min(household_key) as household_key,
        min(region_code) as village_code,
        min(step_date) as closed_date,
        min(row_usable_from_date) as usable_from_date,
        max(known_at) as known_at
    from {{ ref('stg_townships__procedure_events') }}
    where procedure_kind = '风险消除' and procedure_step = '风险消除标注'
    group by case_code
),

closings as (
    select
        *,
        lag(closed_date) over (partition by household_key order by closed_date, case_code) as closed_before_date
    from labelled
),

helped as (
    select closings.case_code, min(measures.start_date) as first_measure_date
    from closings
    inner join {{ ref('stg_assistance__measures') }} as measures
        on
            closings.household_key = measures.household_key
            and closings.usable_from_date >= measures.usable_from_date
            and closings.closed_date >= measures.start_date
            and measures.start_date > coalesce(closings.closed_before_date, cast('0001-01-01' as date))
    group by closings.case_code
),

final as (
    select
        closings.case_code,
        closings.household_key,
        closings.village_code,
        helped.first_measure_date,
        closings.closed_date,
        closings.closed_date - helped.first_measure_date as closing_days,
        closings.usable_from_date,
        closings.known_at
    from closings
    left join helped on closings.case_code = helped.case_code
)

select * from final
