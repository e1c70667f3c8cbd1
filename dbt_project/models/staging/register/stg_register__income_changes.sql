-- Income restated between two editions: every row counts, the same row sent again counts once, at its first arrival.
with source as (
    {{ known_rows('register_income_changes') }}
),

dated as (
    -- a second file for the same month brings news of its own day, not of the first file's
    select
        *,
        greatest(period_end_date, cast(known_at + interval 8 hour as date)) as row_usable_from_date,
        row_number() over (partition by row_hash order by known_at, load_id, row_number) as repeat_number
    from source
),

final as (
    select
        household_key,
        income_from_month,
        income_to_month,
        inc_wage_cny,
        inc_grain_gross_cny,
        inc_fruit_gross_cny,
        inc_hog_gross_cny,
        inc_other_business_gross_cny,
        business_cost_cny,
        inc_property_cny,
        inc_transfer_cny,
        claims_income_cny,
        change_reason as change_reason_text,
        scope_region_code,
        row_usable_from_date as usable_from_date,
        load_id,
        row_number,
        known_at,
        cautions
    from dated
    where repeat_number = 1
)

select * from final
