-- R17 for R05: the fires that the brigade says struck a household, in the month and the fire_shock_window after it.
-- Each by the statement that stood on the day: the household's number comes with a later one, and may be taken back.
with told as (
    select
        household_key,
        cast(occurred_at + interval 8 hour as date) as occurred_date,
        row_usable_from_date as from_date,
        {{ superseded_date(['fire_code'], ['stated_at']) }} as until_date
    from {{ ref('stg_hazards__fires') }}
),

final as (
    select
        told.household_key,
        months.as_of_date,
        min(told.from_date) as usable_from_date
    from {{ ref('int_household__judged_months') }} as months
    inner join told
        on
            months.as_of_date >= told.from_date
            and (told.until_date is null or months.as_of_date < told.until_date)
    inner join {{ thresholds_of('fire_shock_window') }} as shock_window
        on {{ in_force_on('shock_window', 'months.as_of_date') }}
    where
        told.household_key is not null
        and {{ months_between('told.occurred_date', 'months.as_of_date') }} <= shock_window.value
    group by told.household_key, months.as_of_date
)

select * from final
