-- The members of every household as the newest edition known has them; health stays in landing.
with source as (
    {{ known_rows('register_persons') }}
),

newest_load as (
    select load_id
    from {{ ref('stg_landing__newest_loads') }}
    where table_name = 'register_persons'
),

final as (
    select
        source.household_key,
        source.person_key,
        source.name_birth_key,
        source.relation_text,
        case source.labour_skill
            when '普通劳动力' then 'ordinary'
            when '技能劳动力' then 'skilled'
            when '弱劳动力或半劳动力' then 'weak'
            when '无劳动力' then 'none'
            when '丧失劳动力' then 'lost'
        end as labour_skill,
        source.student_status,
        case source.person_status
            when '正常' then 'present'
            when '死亡' then 'dead'
            when '迁出' then 'moved_out'
            when '户籍注销' then 'deregistered'
        end as person_status,
        source.birth_month,
        source.scope_region_code,
        source.period_end_date as edition_date,
        source.usable_from_date,
        source.load_id,
        source.row_number,
        source.known_at
    from source
    inner join newest_load
        on source.load_id = newest_load.load_id
)

select * from final
