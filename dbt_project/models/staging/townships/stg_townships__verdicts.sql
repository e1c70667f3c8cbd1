-- What townships found when they went to look: every answer counts, one sent again counts once.
with source as (
    {{ known_rows('verdicts') }}
),

dated as (
    select
        *,
        greatest(verified_date, cast(known_at + interval 8 hour as date)) as row_usable_from_date,
        row_number() over (partition by row_hash order by known_at, load_id, row_number) as repeat_number
    from source
),

final as (
    select
        household_key,
        rule_id,
        lead_id,
        case verdict
            when '纳入监测' then 'included'
            when '已在监测' then 'existing'
            when '无风险' then 'no_risk'
            when '查无此户' then 'not_found'
            when '重复线索' then 'duplicate'
        end as verdict,
        verified_date,
        scope_region_code as township_code,
        row_usable_from_date as usable_from_date,
        load_id,
        row_number,
        known_at
    from dated
    where repeat_number = 1
)

select * from final
