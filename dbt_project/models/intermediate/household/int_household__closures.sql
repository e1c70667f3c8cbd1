{#
    Households that ended without a decision on their risk (自然减少): closed or merged into another by the register, or
    all members of their newest listing dead by the police's word. The earliest of these days.
#}
with closed as (
    select household_key, change_date as closed_date
    from {{ ref('stg_register__household_changes') }}
    where change_kind in ('销户', '并户')
),

deaths as (
    select person_key, min(event_date) as died_date
    from {{ ref('stg_departments__police_events') }}
    where event_kind = '死亡' and person_key is not null
    group by person_key
),

persons as (
    select
        household_key,
        person_key,
        period_end_date = max(period_end_date) over (partition by household_key) as is_newest_listing
    from {{ ref('stg_national__monitored_persons') }}
),

extinct as (
    select persons.household_key, max(deaths.died_date) as closed_date
    from persons
    left join deaths on persons.person_key = deaths.person_key
    where persons.is_newest_listing
    group by persons.household_key
    having count(*) = count(deaths.person_key)
),

final as (
    select household_key, min(closed_date) as closed_date
    from (
        select * from closed
        union all
        select * from extinct
    ) as ended
    group by household_key
)

select * from final
