-- A household's open risks of a judged month in one row; households without an open risk are absent.
with open_risks as (
    select
        household_key,
        as_of_date,
        risk_code,
        bool_or(is_shock) as is_shock,
        min(usable_from_date) as usable_from_date,
        string_agg(source, '+' order by source) as sources
    from {{ ref('int_household__open_risks') }}
    group by household_key, as_of_date, risk_code
),

final as (
    select
        household_key,
        as_of_date,
        cast(count(*) as integer) as open_risk_count,
        cast(count(*) filter (where is_shock) as integer) as open_shock_count,
        string_agg(risk_code || ':' || sources, ',' order by risk_code) as open_risks,
        min(usable_from_date) as usable_from_date,
        min(usable_from_date) filter (where is_shock) as shock_usable_from_date
    from open_risks
    group by household_key, as_of_date
)

select * from final
