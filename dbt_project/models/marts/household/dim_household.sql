{#
    Households as each edition of the register has them, the days on which that edition speaks for them, and the
    households they came from and went into: a household that split off has a history from before the split.
#}
{{ config(tags=['stage_2']) }}

with registrations as (
    select * from {{ ref('int_household__registrations') }}
),

first_editions as (
    select household_key, min(edition_date) as first_edition_date
    from registrations
    group by household_key
),

origins as (
    select
        lineage.household_key,
        string_agg(lineage.ancestor_key, ',' order by lineage.ancestor_key) filter (where lineage.distance = 1)
            as predecessor_household_keys,
        min(first_editions.first_edition_date) as first_edition_date
    from {{ ref('int_household__lineage') }} as lineage
    left join first_editions on lineage.ancestor_key = first_editions.household_key
    group by lineage.household_key
),

destinations as (
    select ancestor_key as household_key, string_agg(household_key, ',' order by household_key) as successor_keys
    from {{ ref('int_household__lineage') }}
    where distance = 1
    group by ancestor_key
),

endings as (
    select
        household_key, min(change_date) as ended_date,
        min(case change_kind when '并户' then 'merged' else 'dissolved' end) as ended_by
    from {{ ref('stg_register__household_changes') }}
    where change_kind in ('并户', '销户')
    group by household_key
),

final as (
    select
        registrations.household_key,
        registrations.edition_date,
        registrations.valid_from_date,
        registrations.valid_until_date,
        registrations.head_person_key,
        registrations.village_code,
        registrations.township_code,
        registrations.county_code,
        registrations.prefecture_code,
        registrations.villager_group,
        registrations.household_type,
        registrations.member_count,
        registrations.housing_grade,
        registrations.relocation_site_code,
        origins.predecessor_household_keys,
        destinations.successor_keys as successor_household_keys,
        least(first_editions.first_edition_date, origins.first_edition_date) as history_from_date,
        endings.ended_date,
        endings.ended_by as ended_by_change,
        registrations.load_id,
        registrations.row_number as source_row_number,
        registrations.known_at
    from registrations
    inner join first_editions on registrations.household_key = first_editions.household_key
    {%- for facts in ['origins', 'destinations', 'endings'] %}
        left join {{ facts }} on registrations.household_key = {{ facts }}.household_key
    {%- endfor %}
)

select * from final
