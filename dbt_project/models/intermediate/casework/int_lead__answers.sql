{#
    What a township found when it went to see a household: its verdicts on worklists, and how it decided a household's
    own application. An application taken back says nothing about the risk.
#}
{{ config(materialized='view') }}
with verdicts as (
    select * from {{ ref('stg_townships__verdicts') }}
),

applications as (
    select * from {{ ref('stg_townships__self_reports') }}
),

run_day as (
    select max(as_of_date) as run_date from {{ source('landing', 'run_clock') }}
),

told as (
    select
        household_key, 'verdicts' as source, lead_id, rule_id, verdict, verified_date, usable_from_date, load_id,
        row_number, known_at
    from verdicts
    union all
    select
        household_key, 'self_reports' as source, null as lead_id, null as rule_id,
        case application_result when '已纳入监测' then 'included' when '未纳入监测' then 'no_risk' end as verdict,
        result_date as verified_date, row_usable_from_date as usable_from_date, load_id, row_number, known_at
    from applications
    where application_result in ('已纳入监测', '未纳入监测') and result_date is not null
),

final as (
    select told.*
    from told
    inner join run_day
        on told.usable_from_date <= run_day.run_date
)

select * from final
