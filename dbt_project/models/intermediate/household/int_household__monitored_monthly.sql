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
        persons.monitored_type is not null and not coalesce(persons.is_risk_eliminated, false) as is_standing,
        -- followed, whether or not the list says as what: a type, a month of identification or a risk names it
        coalesce(persons.monitored_type, cast(persons.identified_month as varchar), persons.risk_1_text) is not null
        and not coalesce(persons.is_risk_eliminated, false) as is_followed,
        persons.inc_wage_cny + persons.inc_business_cny - persons.business_cost_cny + persons.inc_property_cny
        + persons.inc_transfer_cny as net_income_cny
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
        max(eliminated_month) as eliminated_month,
        bool_or(is_followed) as is_followed,
        cast(count(distinct monitored_type) filter (where is_followed) as integer) as followed_type_count,
        cast(count(*) as integer) as listed_person_count,
        -- R06: the total is told per head; whichever rows of the household differ most
        greatest(
            abs(max(net_income_cny) - min(pc_net_income_cny) * count(*)),
            abs(max(pc_net_income_cny) * count(*) - min(net_income_cny))
        ) as told_income_gap_cny,
        min(usable_from_date) as usable_from_date,
        max(known_at) as known_at,
        min(load_id) as load_id
    from listed
    group by household_key, as_of_date
)

select * from final
