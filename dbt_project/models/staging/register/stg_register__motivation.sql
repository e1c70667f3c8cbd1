-- Whom the register marks as short of motivation (内生动力不足). Restricted: only R62 reads it, and only its answer goes on.
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
        source.has_weak_motivation,
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
