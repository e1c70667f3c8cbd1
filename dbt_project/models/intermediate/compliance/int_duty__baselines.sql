{#
    §5(4), R76: does the register keep to what the census and the spot checks found? Each household of the newest census
    stands in the register of the day with the same standing (lifted out or not), or left it with a change on record;
    each spot check of the year before the day was passed.
#}
with months as (
    select as_of_date from {{ ref('int_household__judged_months') }}
),

census as (
    select
        months.as_of_date, census.region_code, census.household_key, census.is_lifted_out,
        census.usable_from_date, census.known_at,
        row_number() over (
            partition by months.as_of_date, census.household_key
            order by census.census_year desc, census.load_id desc, census.row_number desc
        ) as newness
    from {{ ref('stg_reference__census_reference') }} as census
    inner join months on census.usable_from_date <= months.as_of_date
),

changed as (
    select household_key, min(row_usable_from_date) as usable_from_date
    from {{ ref('stg_register__household_changes') }}
    where change_kind in ('销户', '并户')
    group by household_key
),

compared as (
    select
        census.region_code, census.as_of_date,
        case
            when registered.household_key is not null
                then (registered.household_type = 'lifted_out') = census.is_lifted_out
            else coalesce(changed.usable_from_date <= census.as_of_date, false)
        end as is_kept,
        true as is_census, census.usable_from_date, census.known_at
    from census
    left join {{ ref('int_household__registrations') }} as registered
        on
            census.household_key = registered.household_key
            and census.as_of_date >= registered.valid_from_date and census.as_of_date < registered.valid_until_date
    left join changed on census.household_key = changed.household_key
    where census.newness = 1
),

checked as (
    select
        checks.region_code, months.as_of_date, checks.is_passed as is_kept,
        false as is_census, checks.row_usable_from_date as usable_from_date, checks.known_at
    from {{ ref('stg_reference__spot_checks') }} as checks
    inner join months
        on
            checks.row_usable_from_date <= months.as_of_date
            and checks.checked_date + interval 1 year > months.as_of_date
),

facts as (
    select * from compared
    union all
    select * from checked
),

villages as (
    select region_code, as_of_date from {{ ref('int_region__bearers_monthly') }}
    where region_level = 'village'
),

final as (
    select
        villages.region_code,
        villages.as_of_date,
        cast(villages.as_of_date as varchar) as duty_period,
        greatest(count(facts.as_of_date), 1) as due_count,
        count(*) filter (where facts.is_kept) as kept_count,
        count(*) filter (where facts.is_kept is null) as unknown_count,
        count(*) filter (where facts.is_census and not facts.is_kept) as census_difference_count,
        count(*) filter (where not facts.is_census and not facts.is_kept) as failed_check_count,
        case when bool_or(facts.is_kept is null) then 'delivery_missing' end as caution,
        max(facts.usable_from_date) as usable_from_date,
        max(facts.known_at) as known_at
    from villages
    left join facts on villages.region_code = facts.region_code and villages.as_of_date = facts.as_of_date
    group by villages.region_code, villages.as_of_date
)

select * from final
