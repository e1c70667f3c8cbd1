{#
    What any division code stands for today, by the register's editions and the crosswalk: which years had it, and the
    code under which the region goes on. A code that is in neither is not here: whoever joins finds nothing, and says so.
    A code may be renumbered twice, so the crosswalk is followed twice; a third step would need a third join.
#}
with editions as (
    select * from {{ ref('int_region__editions') }}
),

regions as (
    select * from {{ ref('int_region__current') }}
),

crosswalk as (
    select * from {{ ref('region_crosswalk') }}
),

seen as (
    select
        region_code,
        min(valid_year) as valid_from_year,
        max(valid_year) as last_valid_year
    from editions
    group by region_code
),

codes as (
    select region_code
    from seen
    union
    select old_code as region_code
    from crosswalk
),

followed as (
    select
        codes.region_code,
        seen.valid_from_year,
        coalesce(seen.last_valid_year, cast(extract(year from once.valid_from) as integer) - 1) as last_valid_year,
        coalesce(twice.new_code, once.new_code) as new_code
    from codes
    left join seen on codes.region_code = seen.region_code
    left join crosswalk as once on codes.region_code = once.old_code
    left join crosswalk as twice on once.new_code = twice.old_code
),

final as (
    select
        followed.region_code,
        followed.valid_from_year,
        -- Still in force where the newest usable edition has it.
        case when own.region_code is null then followed.last_valid_year end as valid_to_year,
        coalesce(own.region_code, heir.region_code) as current_code,
        case
            when own.region_code is not null then 'current'
            when heir.region_code is not null then 'crosswalk'
            when followed.new_code is not null then 'crosswalk_leads_nowhere'
            else 'retired'
        end as basis
    from followed
    left join regions as own on followed.region_code = own.region_code
    left join regions as heir on followed.new_code = heir.region_code
)

select * from final
