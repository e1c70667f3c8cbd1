-- What each region is known to have lost to a hazard within the loss window before a day, by the statements that were
-- the word on it that day; and against what: its registered households and its land under crops. People where
-- households are not counted yet: by the household size of the place. A figure that no statement tells is not known;
-- one that some do not tell is a lower bound, and how many do not is counted.
with days as (
    select as_of_date, loss_window from {{ ref('int_region__parameters_daily') }}
),

farmed as (
    select * from {{ ref('int_region__farmed_monthly') }}
),

standing as (
    select
        days.as_of_date,
        told.*,
        coalesce(
            told.household_count,
            cast(round(
                cast(told.person_count as double) * farmed.household_count / nullif(farmed.member_count, 0)
            ) as bigint)
        ) as hit_count
    from {{ ref('int_hazard__told_losses') }} as told
    inner join days
        on
            told.from_date <= days.as_of_date
            and (told.until_date is null or told.until_date > days.as_of_date)
            and told.stated_date + to_days(cast(days.loss_window as integer)) > days.as_of_date
    left join farmed
        on
            told.region_code = farmed.region_code
            and days.as_of_date >= farmed.valid_from_date and days.as_of_date <= farmed.valid_to_date
),

by_region as (
    select
        ancestors.ancestor_code as region_code,
        standing.as_of_date,
        standing.hazard_code,
        count(distinct standing.event_code) as event_count,
        count(*) filter (where standing.hit_count is null) as untold_count,
        count(*) filter (where standing.no_harvest_mu is null) as no_harvest_untold_count,
        sum(standing.hit_count) as hit_household_count,
        sum(standing.no_harvest_mu) as no_harvest_mu,
        max(standing.known_at) as known_at,
        min(standing.load_id) as load_id
    from standing
    inner join {{ ref('int_region__ancestors') }} as ancestors on standing.region_code = ancestors.region_code
    group by ancestors.ancestor_code, standing.as_of_date, standing.hazard_code
),

final as (
    select
        by_region.region_code,
        by_region.as_of_date,
        by_region.hazard_code,
        cast(by_region.event_count as bigint) as event_count,
        cast(by_region.untold_count as bigint) as untold_count,
        cast(by_region.no_harvest_untold_count as bigint) as no_harvest_untold_count,
        cast(by_region.hit_household_count as bigint) as hit_household_count,
        cast(by_region.no_harvest_mu as decimal(18, 2)) as no_harvest_mu,
        farmed.household_count,
        farmed.sown_mu,
        by_region.known_at,
        by_region.load_id
    from by_region
    left join farmed
        on
            by_region.region_code = farmed.region_code
            and by_region.as_of_date >= farmed.valid_from_date and by_region.as_of_date <= farmed.valid_to_date
)

select * from final
