-- The division codes edition by edition: the newest list known for a year replaces the ones before.
with source as (
    {{ known_rows('region_register') }}
),

ranked as (
    select
        *,
        -- An edition says what exists from its year's beginning: it may be used as soon as it is known.
        cast(min(known_at) over (partition by period_start_date) + interval 8 hour as date) as first_known_date,
        dense_rank() over (partition by period_start_date order by known_at desc, load_id desc) as newest_first
    from source
),

final as (
    select
        cast(extract(year from period_start_date) as integer) as valid_year,
        region_code,
        region_name,
        region_level,
        parent_code,
        period_start_date as valid_from_date,
        greatest(first_known_date, period_start_date) as usable_from_date,
        load_id,
        row_number,
        known_at
    from ranked
    where newest_first = 1
)

select * from final
