{#
    Every step of a case's ladder, taken or not: when, who sat in, how long the list hung, whether a later step was taken
    without it (skipped), and whether it was taken before one that comes earlier. 小组评议 and 数据比对 run side by side.
    A date missing from the townships' steps is taken from the application or the comparisons, where they tell it.
#}
with cases as (
    select * from {{ ref('int_case__cases') }}
),

ladder as (
    select case_kind, step, step_rank, is_required, min(name_zh) as name_zh
    from {{ ref('procedure_steps') }}
    where step_rank is not null
    group by case_kind, step, step_rank, is_required
),

compared as (
    select case_id, min(requested_date) as requested_date, max(returned_date) as returned_date
    from {{ ref('int_case__comparisons_judged') }}
    group by case_id
),

taken as (
    select
        cases.case_id, cases.household_key, cases.case_kind, cases.has_procedure, cases.case_state,
        ladder.step, ladder.step_rank, ladder.is_required, ladder.name_zh,
        coalesce(
            recorded.step_date,
            case ladder.step
                when 'applied' then applications.applied_date
                when 'accepted' then applications.accepted_date
                when 'data_comparison' then compared.requested_date
            end
        ) as step_date,
        coalesce(recorded.step_end_date, case when ladder.step = 'data_comparison' then compared.returned_date end)
            as step_end_date,
        {%- for column in [
            'entered_date', 'village_committee_count', 'work_team_count', 'supervisory_count', 'villager_count',
            'objection_count', 'is_objection_resolved', 'times_recorded_count'
        ] %}
            recorded.{{ column }},
        {%- endfor %}
        cases.village_code, cases.as_of_date, cases.known_at
    from cases
    inner join ladder
        on cases.case_kind = ladder.case_kind
    left join {{ ref('int_case__recorded_steps') }} as recorded
        on
            cases.case_code = recorded.case_code
            and cases.household_key = recorded.household_key
            and cases.case_kind = recorded.case_kind
            and ladder.step = recorded.step
    left join {{ ref('int_case__applications') }} as applications
        on cases.case_id = applications.case_id
    left join compared
        on cases.case_id = compared.case_id
),

placed as (
    select
        *,
        max(case when step_date is not null or (step = 'labelled' and case_state = 'labelled') then step_rank end)
            over (partition by case_id) as reached_rank,
        max(step_date) over (
            partition by case_id order by step_rank range between unbounded preceding and 1 preceding
        ) as earlier_step_date
    from taken
),

final as (
    select
        placed.* exclude (has_procedure, case_state, earlier_step_date),
        case when placed.has_procedure then placed.step_date is null and placed.step_rank < placed.reached_rank end
            as is_passed_over,
        case
            when placed.has_procedure
                then placed.is_required and placed.step_date is null and placed.step_rank < placed.reached_rank
        end as is_skipped,
        coalesce(placed.step_date < placed.earlier_step_date, false) as is_out_of_order,
        case when placed.step = 'publicity' then placed.step_end_date - placed.step_date end as publicity_calendar_days,
        case when placed.step = 'publicity' then {{ working_days_after('opens', 'closes') }} end
            as publicity_working_days,
        placed.entered_date - coalesce(placed.step_end_date, placed.step_date) as entry_lag_days
    from placed
    left join {{ ref('calendar_days') }} as opens on placed.step_date = opens.calendar_date
    left join {{ ref('calendar_days') }} as closes on placed.step_end_date = closes.calendar_date
)

select * from final
