{#
    How many members and how much labour each edition of the person register gives a household, and for how long it
    speaks for it. Kept apart from the household register: the two files arrive apart, and one may fail to.
#}
with persons as (
    -- whom the register itself calls dead, moved out or deregistered is a member no longer
    select *, coalesce(person_status = 'present', true) as is_present
    from {{ ref('stg_register__persons') }}
),

counted as (
    select
        scope_region_code,
        edition_date,
        household_key,
        min(usable_from_date) as usable_from_date,
        cast(count(*) as integer) as listed_member_count,
        cast(count(*) filter (where labour_skill in ('ordinary', 'skilled', 'weak')) as integer) as labour_count,
        cast(count(*) filter (where is_present) as integer) as present_count,
        cast(count(*) filter (where is_present and relation_text in ('户主', '本人')) as integer) as head_count,
        cast(count(*) filter (where is_present and relation_text is null) as integer) as unknown_relation_count,
        cast(count(*) filter (where is_present and labour_skill in ('ordinary', 'skilled')) as integer)
            as able_count,
        cast(count(*) filter (where is_present and labour_skill = 'weak') as integer) as weak_count,
        cast(count(*) filter (where is_present and labour_skill is null) as integer) as unknown_labour_count
    from persons
    group by scope_region_code, edition_date, household_key
),

editions as (
    select distinct
        scope_region_code,
        edition_date,
        usable_from_date
    from counted
),

edition_ends as (
    select
        scope_region_code,
        edition_date,
        min(usable_from_date) over (
            partition by scope_region_code order by edition_date
            rows between 1 following and unbounded following
        ) as superseded_date
    from editions
),

final as (
    select
        counted.*,
        counted.usable_from_date as valid_from_date,
        least(
            edition_ends.superseded_date,
            min(counted.usable_from_date) over (
                partition by counted.household_key
                order by counted.edition_date, counted.usable_from_date, counted.scope_region_code
                rows between 1 following and unbounded following
            ),
            date '9999-12-31'
        ) as valid_until_date
    from counted
    inner join edition_ends
        on
            counted.scope_region_code = edition_ends.scope_region_code
            and counted.edition_date = edition_ends.edition_date
)

select * from final
where valid_from_date < valid_until_date
