{#
    From when until when each national list speaks for its region, and for which households it shows a standing risk:
    whether a household was monitored already on the day a lead opened. household_key is empty in the one row by which
    each list says that it exists at all: no list means not known, a list without the household means not monitored.
#}
with lists as (
    select
        load_id,
        scope_region_code,
        usable_from_date as valid_from_date,
        coalesce(min(usable_from_date) over (
            partition by scope_region_code order by period_end_date
            rows between 1 following and unbounded following
        ), date '9999-12-31') as valid_until_date
    from {{ ref('stg_landing__newest_loads') }}
    where table_name = 'national_monitored_export'
),

persons as (
    select * from {{ ref('stg_national__monitored_persons') }}
),

standing as (
    select distinct load_id, household_key
    from persons
    where monitored_type is not null and not coalesce(is_risk_eliminated, false)
),

final as (
    select scope_region_code, cast(null as varchar) as household_key, valid_from_date, valid_until_date
    from lists
    where valid_from_date < valid_until_date
    union all
    select lists.scope_region_code, standing.household_key, lists.valid_from_date, lists.valid_until_date
    from lists
    inner join standing
        on lists.load_id = standing.load_id
    where lists.valid_from_date < lists.valid_until_date
)

select * from final
