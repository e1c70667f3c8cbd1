{#
    Which households a household came from, by the register's changes: split off (拆户), merged into (并户) or newly set up
    out of another (新立户), up to three steps back. A household that split off therefore does not start without
    history. The one that was split goes on; one merged into another ends.
#}
with changes as (
    select * from {{ ref('stg_register__household_changes') }}
    where new_household_key is not null and new_household_key <> household_key
),

steps as (
    -- a change told twice with other details is one change: the first telling
    select
        new_household_key as household_key,
        household_key as ancestor_key,
        min(case change_kind when '拆户' then 'split' when '并户' then 'merged' when '新立户' then 'set_up' end)
            as change_kind,
        min(change_date) as change_date,
        min(row_usable_from_date) as usable_from_date
    from changes
    group by new_household_key, household_key
),

second as (
    select
        near.household_key, far.ancestor_key, near.change_kind, near.change_date,
        greatest(near.usable_from_date, far.usable_from_date) as usable_from_date
    from steps as near
    inner join steps as far on near.ancestor_key = far.household_key and near.change_date >= far.change_date
),

third as (
    select
        near.household_key, far.ancestor_key, near.change_kind, near.change_date,
        greatest(near.usable_from_date, far.usable_from_date) as usable_from_date
    from steps as near
    inner join second as far on near.ancestor_key = far.household_key and near.change_date >= far.change_date
),

every_step as (
    select *, 1 as distance from steps
    union all
    select *, 2 as distance from second
    union all
    select *, 3 as distance from third
),

ranked as (
    select
        *,
        row_number() over (
            partition by household_key, ancestor_key order by distance, change_date, change_kind, usable_from_date
        ) as nearness
    from every_step
    where household_key <> ancestor_key
),

final as (
    select household_key, ancestor_key, distance, change_kind, change_date, usable_from_date
    from ranked
    where nearness = 1
)

select * from final
