{#
    The monitored households of each judged month, whom §4 speaks of: since when they are labelled, which lists speak
    of their help, whether measures are due, and whether they can work (ADR 0013, A5: one who can is enough).
#}
with households as (
    select * from {{ ref('int_household__monthly') }}
    where is_monitored
),

lists as (
    select * from {{ ref('int_help__lists_in_force') }}
    where is_recent
),

-- The day of the label as the procedure's own record tells it; before that record began only the month is known.
labels as (
    select
        households.household_key,
        households.as_of_date,
        max(steps.step_date) as labelled_date,
        max(steps.known_at) as known_at
    from households
    inner join {{ ref('stg_townships__procedure_events') }} as steps
        on
            households.household_key = steps.household_key
            and households.as_of_date >= steps.row_usable_from_date
            and households.as_of_date >= steps.step_date
            and households.identified_month <= steps.step_date
    where steps.procedure_step = '系统标注' and steps.procedure_kind = '纳入'
    group by households.household_key, households.as_of_date
),

final as (
    select
        households.household_key, households.as_of_date, households.period, households.village_code,
        households.township_code, households.county_code, households.prefecture_code,
        households.is_lifted_out, households.monitored_type, households.identified_month, labels.labelled_date,
        coalesce(labels.labelled_date, last_day(households.identified_month)) as monitored_from_date,
        not {{ has_no_labour('households') }} as has_labour,
        {{ has_full_labour('households') }} as has_full_labour,
        -- whom the employment list in force leaves out is not at work by it; without one nobody said so
        case
            when households.employed_count > 0 then true
            when households.employment_usable_from_date is not null then false
        end
        or households.inc_wage_cny + households.inc_grain_gross_cny + households.inc_fruit_gross_cny
        + households.inc_hog_gross_cny + households.inc_other_business_gross_cny - households.business_cost_cny
        >= income_line.value * households.member_count as has_stable_earnings,
        measures.load_id as measures_load_id,
        measures.list_end_date as measures_list_end_date,
        {{ months_between('households.identified_month', 'measures.list_month') }} > first_measure.value
            as is_measure_due,
        households.self_pay_to_date_cny is not null as is_self_pay_told,
        helpers.load_id as helpers_load_id,
        helpers.first_told_date as helpers_told_from_date,
        helpers.list_end_date as helpers_list_end_date,
        relief.load_id as relief_load_id,
        greatest(
            households.usable_from_date, measures.usable_from_date, helpers.usable_from_date, relief.usable_from_date
        ) as usable_from_date,
        greatest(
            households.known_at, labels.known_at, measures.known_at, helpers.known_at, relief.known_at
        ) as known_at
    from households
    left join labels using (household_key, as_of_date)
    {%- for name, table_name in [('measures', 'measures'), ('helpers', 'helpers'), ('relief', 'civil_affairs')] %}
        left join lists as {{ name }}
            on
                households.county_code = {{ name }}.county_code
                and households.as_of_date = {{ name }}.as_of_date
                and {{ name }}.table_name = '{{ table_name }}'
    {%- endfor %}
    left join {{ thresholds_of('first_measure_months') }} as first_measure
        on {{ in_force_on('first_measure', 'households.as_of_date') }}
    left join {{ thresholds_of('monitoring_line') }} as income_line
        on {{ in_force_on('income_line', 'households.as_of_date') }}
)

select * from final
