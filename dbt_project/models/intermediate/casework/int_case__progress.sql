-- A case and its steps in one row: what the rules of the procedure and the page of a case read.
{%- set steps = [
    'applied', 'accepted', 'group_review', 'data_comparison', 'village_recheck', 'village_review', 'publicity',
    'town_review', 'county_filing', 'announced', 'labelled'
] %}
with cases as (
    select * from {{ ref('int_case__cases') }}
),

pivoted as (
    select
        case_id,
        {%- for step in steps %}
            max(step_date) filter (where step = '{{ step }}') as {{ step }}_date,
            max(step_rank) filter (where step = '{{ step }}') as {{ step }}_rank,
        {%- endfor %}
        max(step_end_date) filter (where step = 'data_comparison') as data_comparison_end_date,
        max(step_end_date) filter (where step = 'publicity') as publicity_end_date,
        max(publicity_calendar_days) as publicity_calendar_days,
        max(publicity_working_days) as publicity_working_days,
        {%- for column in ['village_committee_count', 'work_team_count', 'supervisory_count', 'villager_count'] %}
            max({{ column }}) filter (where step = 'village_review') as {{ column }},
        {%- endfor %}
        max(objection_count) filter (where step = 'publicity') as objection_count,
        bool_or(is_objection_resolved) filter (where step = 'publicity') as is_objection_resolved,
        max(reached_rank) as reached_rank,
        cast(count(*) filter (where is_skipped) as integer) as skipped_step_count,
        string_agg(name_zh, '、' order by step_rank, name_zh) filter (where is_skipped) as skipped_steps_zh,
        cast(count(*) filter (where is_out_of_order) as integer) as disordered_step_count,
        string_agg(name_zh, '、' order by step_rank, name_zh) filter (where is_out_of_order) as disordered_steps_zh,
        max(entry_lag_days) as longest_entry_lag_days
    from {{ ref('int_case__steps') }}
    group by case_id
),

final as (
    select
        cases.*,
        pivoted.* exclude (case_id, labelled_date)
    from cases
    inner join pivoted
        on cases.case_id = pivoted.case_id
)

select * from final
