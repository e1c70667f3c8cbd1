{#
    Who is meant where a list gives no number: name and birth find a person within the household named, or anywhere if only
    one person answers to them. What has several answers has none: it is listed for review. A number is believed, so
    rows that bear one need no answer, and of them only those of the names asked about are looked at.
#}
with unnumbered as (
    select
        source_model, household_key, name_birth_key, min(told_date) as first_told_date, max(told_date) as last_told_date
    from {{ ref('int_person__sighted') }}
    where person_key is null
    group by source_model, household_key, name_birth_key
),

asked as (select distinct name_birth_key from unnumbered),

numbered as (
    select
        sighted.person_key, sighted.household_key, sighted.name_birth_key, max(sighted.told_date) as last_told_date
    from {{ ref('int_person__sighted') }} as sighted
    inner join asked
        on sighted.name_birth_key = asked.name_birth_key
    where sighted.person_key is not null
    group by sighted.person_key, sighted.household_key, sighted.name_birth_key
),

by_household as (
    select
        household_key, name_birth_key, min(person_key) as person_key,
        cast(count(distinct person_key) as integer) as person_count
    from numbered
    where household_key is not null
    group by household_key, name_birth_key
),

by_name as (
    select
        name_birth_key, min(person_key) as person_key, cast(count(distinct person_key) as integer) as person_count,
        cast(count(household_key) as integer) as household_count
    from numbered
    group by name_birth_key
),

-- Where a person lives by the newest list that names a household; nowhere if two are named at once.
dated as (
    select
        person_key, household_key, max(last_told_date) as last_told_date,
        max(max(last_told_date)) over (partition by person_key) as newest_date
    from numbered
    where household_key is not null
    group by person_key, household_key
),

homes as (
    select person_key, min(household_key) as household_key
    from dated
    where last_told_date = newest_date
    group by person_key
    having count(*) = 1
),

judged as (
    select
        unnumbered.*,
        coalesce(by_household.person_count, by_name.person_count, 0) as candidate_count,
        case
            when by_household.person_count = 1 then 'household_and_name_birth'
            when by_household.person_count > 1 or by_name.person_count > 1 then 'several_candidates'
            when by_name.person_count = 1 and unnumbered.household_key is not null and by_name.household_count > 0
                then 'household_differs'
            when by_name.person_count = 1 then 'name_birth_unique'
            else 'unknown'
        end as basis,
        coalesce(by_household.person_key, by_name.person_key) as likely_person_key
    from unnumbered
    left join by_household using (household_key, name_birth_key)
    left join by_name using (name_birth_key)
),

named as (
    select
        *,
        case when basis in ('household_and_name_birth', 'name_birth_unique') then likely_person_key end as person_key
    from judged
),

final as (
    select
        named.source_model, named.household_key as source_household_key, named.name_birth_key, named.person_key,
        coalesce(named.household_key, homes.household_key) as household_key,
        named.basis,
        case named.basis
            when 'household_and_name_birth' then 'high' when 'name_birth_unique' then 'medium' else 'none'
        end as confidence,
        named.candidate_count, named.first_told_date, named.last_told_date
    from named
    left join homes on named.person_key = homes.person_key
)

select * from final
