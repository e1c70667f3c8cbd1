{#
    §3(3) 无劳动能力: whether anyone in a household of the national list can work, by the person register that speaks on
    the day judged. The whole household counts (A5); a member whose ability is blank, or who is not in the register,
    leaves it unknown unless another can work.
#}
with listed as (
    select household_key, as_of_date from {{ ref('int_household__monitored_monthly') }}
),

ever_listed as (
    select distinct household_key from listed
),

skills as (
    select
        persons.household_key,
        persons.scope_region_code,
        persons.edition_date,
        count(*) filter (where persons.labour_skill in ('ordinary', 'skilled', 'weak')) as able_count,
        count(*) filter (where persons.labour_skill in ('none', 'lost')) as unable_count
    from {{ ref('stg_register__persons') }} as persons
    inner join ever_listed
        on persons.household_key = ever_listed.household_key
    group by persons.household_key, persons.scope_region_code, persons.edition_date
),

compositions as (
    select
        skills.*,
        compositions.valid_from_date,
        compositions.valid_until_date
    from skills
    inner join {{ ref('int_household__compositions') }} as compositions
        on
            skills.household_key = compositions.household_key
            and skills.scope_region_code = compositions.scope_region_code
            and skills.edition_date = compositions.edition_date
),

closed as (
    select household_key, min(row_usable_from_date) as closed_from_date
    from {{ ref('stg_register__household_changes') }}
    where change_kind = '销户'
    group by household_key
),

final as (
    select
        listed.household_key,
        listed.as_of_date,
        cast(compositions.able_count as integer) as able_member_count,
        cast(compositions.unable_count as integer) as unable_member_count,
        registered.member_count,
        case
            when compositions.able_count > 0 then false
            when compositions.unable_count > 0 and compositions.unable_count >= registered.member_count then true
        end as is_without_labour,
        coalesce(closed.closed_from_date <= listed.as_of_date, false) as is_deregistered
    from listed
    inner join {{ ref('int_household__monthly') }} as registered
        on listed.household_key = registered.household_key and listed.as_of_date = registered.as_of_date
    left join compositions
        on
            listed.household_key = compositions.household_key
            and listed.as_of_date >= compositions.valid_from_date
            and listed.as_of_date < compositions.valid_until_date
    left join closed
        on listed.household_key = closed.household_key
)

select * from final
