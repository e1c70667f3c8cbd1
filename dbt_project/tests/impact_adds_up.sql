-- The impact of a shock adds up: each number of a region has as many rows (or yuan) in the list behind it, the regions
-- of a level hold what the list holds, and every listed household has one outcome a case. Gives what does not.
with regions as (
    select * from {{ ref('fct_region_impact_per_episode') }}
),

listed as (
    select * from {{ ref('fct_household_impact_per_episode') }}
),

by_level as (
    select
        shock_id, region_level,
        sum(exposed_household_count) as exposed,
        sum(unknown_household_count) as unknown,
        sum(already_below_count) as already_below,
        sum(crossing_central_count) as crossing,
        sum(crossing_lifted_out_count + crossing_other_count) as crossing_by_type,
        sum(hard_hit_central_count) as hard_hit,
        sum(back_to_line_central_cny) as money,
        sum(back_to_line_high_cny) as money_high
    from regions
    group by shock_id, region_level
),

whole as (
    select
        shock_id,
        count(*) filter (where is_exposed) as exposed,
        count(*) filter (where outcome_central = 'unknown') as unknown,
        count(*) filter (where outcome_central = 'already_below') as already_below,
        count(*) filter (where outcome_central = 'crosses') as crossing,
        count(*) filter (where outcome_central = 'hard_hit') as hard_hit,
        coalesce(sum(back_to_line_central_cny), 0) as money,
        coalesce(sum(back_to_line_high_cny), 0) as money_high
    from listed
    group by shock_id
),

-- Households whose village the register does not know are in no village; from the township up nobody is left out.
not_adding_up as (
    select 'levels differ from the list' as reason, whole.shock_id, by_level.region_level as place
    from whole
    left join by_level on whole.shock_id = by_level.shock_id and by_level.region_level <> 'village'
    where
        by_level.shock_id is null
        or (by_level.exposed, by_level.unknown, by_level.already_below, by_level.crossing, by_level.crossing_by_type,
            by_level.hard_hit, by_level.money, by_level.money_high)
        is distinct from (whole.exposed, whole.unknown, whole.already_below, whole.crossing, whole.crossing,
            whole.hard_hit, whole.money, whole.money_high)
),

townships as (
    select 'township differs from its rows' as reason, regions.shock_id, regions.region_code as place
    from regions
    left join (
        select shock_id, township_code, count(*) filter (where outcome_central = 'crosses') as crossing,
            count(*) filter (where is_exposed) as exposed
        from listed
        group by shock_id, township_code
    ) as rows_behind
        on regions.shock_id = rows_behind.shock_id and regions.region_code = rows_behind.township_code
    where
        regions.region_level = 'township'
        and (
            regions.crossing_central_count <> coalesce(rows_behind.crossing, 0)
            or regions.exposed_household_count <> coalesce(rows_behind.exposed, 0)
        )
),

out_of_order as (
    select 'the cases are out of order' as reason, shock_id, household_key as place
    from listed
    where net_low_cny < net_central_cny or net_central_cny < net_high_cny
)

select * from not_adding_up
union all
select * from townships
union all
select * from out_of_order
