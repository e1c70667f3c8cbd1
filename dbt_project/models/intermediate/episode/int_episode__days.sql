-- The days of every region's episodes, the day that closes one among them. A day whose level is unknown or withheld
-- keeps the level before it: silence neither closes an episode nor lowers it.
with levels as (
    select *, case when not is_withheld then {{ level_rank('level') }} end as known_rank
    from {{ ref('fct_region_risk_level_daily') }}
),

held as (
    select
        *,
        coalesce(
            last_value(known_rank ignore nulls) over (
                partition by region_code order by as_of_date rows between unbounded preceding and current row
            ), 0
        ) as level_rank
    from levels
),

stepped as (
    select *, coalesce(lag(level_rank) over (partition by region_code order by as_of_date), 0) as before_rank
    from held
),

final as (
    select
        region_code,
        region_name,
        region_level,
        as_of_date,
        sum(case when level_rank > 0 and before_rank = 0 then 1 else 0 end) over (
            partition by region_code order by as_of_date rows between unbounded preceding and current row
        ) as stretch_number,
        level_rank,
        before_rank,
        known_rank is null as is_unknown,
        drivers_zh,
        exposed_household_count,
        vulnerable_household_count,
        cautions,
        known_at
    from stepped
    where level_rank > 0 or before_rank > 0
)

select * from final
