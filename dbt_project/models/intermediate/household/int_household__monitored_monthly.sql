-- Households in the national list in force: their type, and whether their risk still stands.
with lists as (
    select distinct as_of_date, load_id
    from {{ ref('int_household__lists_in_force') }}
    where table_name = 'national_monitored_export'
),

persons as (
    select * from {{ ref('stg_national__monitored_persons') }}
),

listed as (
    select
        lists.as_of_date,
        persons.*,
        persons.monitored_type is not null and not coalesce(persons.is_risk_eliminated, false) as is_standing
    from lists
    inner join persons
        on lists.load_id = persons.load_id
),

final as (
    -- household attributes are repeated on each person: where they differ, a standing risk outweighs an eliminated one
    select
        household_key,
        as_of_date,
        bool_or(is_standing) as is_monitored,
        coalesce(
            min(monitored_type) filter (where is_standing),
            min(monitored_type)
        ) as monitored_type,
        max(identified_month) as identified_month,
        max(eliminated_month) as eliminated_month
    from listed
    group by household_key, as_of_date
)

select * from final
