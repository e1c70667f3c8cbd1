-- Every region with every region that holds it, itself included: roll-ups and inherited warnings go through here.
-- The register has five levels, so four steps up reach the province.
with regions as (
    select * from {{ ref('int_region__current') }}
),

steps as (
    select
        own.region_code,
        own.region_code as step_0,
        up_1.region_code as step_1,
        up_2.region_code as step_2,
        up_3.region_code as step_3,
        up_4.region_code as step_4
    from regions as own
    left join regions as up_1 on own.parent_code = up_1.region_code
    left join regions as up_2 on up_1.parent_code = up_2.region_code
    left join regions as up_3 on up_2.parent_code = up_3.region_code
    left join regions as up_4 on up_3.parent_code = up_4.region_code
),

final as (
    select region_code, step_0 as ancestor_code, 0 as distance
    from steps
    where step_0 is not null
    union all
    select region_code, step_1 as ancestor_code, 1 as distance
    from steps
    where step_1 is not null
    union all
    select region_code, step_2 as ancestor_code, 2 as distance
    from steps
    where step_2 is not null
    union all
    select region_code, step_3 as ancestor_code, 3 as distance
    from steps
    where step_3 is not null
    union all
    select region_code, step_4 as ancestor_code, 4 as distance
    from steps
    where step_4 is not null
)

select * from final
