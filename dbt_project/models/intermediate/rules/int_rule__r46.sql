-- §3(2): was every step of the ladder up to the last one taken, and none before one that comes earlier?
{{ config(materialized='view') }}

with cases as (
    select * from {{ ref('int_case__progress') }}
),

judged as (
    select
        *,
        skipped_step_count + disordered_step_count as defect_count,
        case
            {{ case_guard('inclusion') }}
            when skipped_step_count + disordered_step_count > 0 then 'raised'
            else 'clear'
        end as status
    from cases
),

{{ case_findings('R46', '§3(2)', {
    'skipped_steps_zh': 'skipped_steps_zh',
    'disordered_steps_zh': 'disordered_steps_zh',
    'case_state': 'case_state'
}, caution="'no_procedure_record'", observed='defect_count', unit="'steps'") }}
