-- How far two sources that must agree are apart on the run's day, per region (the release gate looks at it). A county
-- by its own lists, a township by its county's, a prefecture by those of its counties together; too few to say: null.
with clock as (
    select distinct as_of_date from {{ source('landing', 'run_clock') }}
),

ranked as (
    select
        reconciled.*,
        clock.as_of_date,
        row_number() over (
            partition by reconciled.region_code, reconciled.measure order by reconciled.month_end_date desc
        ) as newest_first
    from {{ ref('int_region__reconciled_monthly') }} as reconciled
    inner join clock
        on reconciled.usable_from_date <= clock.as_of_date
),

newest as (
    select * from ranked
    where newest_first = 1
),

-- A list describes its county, what lies below it, and its part of what lies above it.
described as (
    select
        ancestors.region_code,
        newest.measure, newest.as_of_date, newest.difference_count, newest.subject_count
    from newest
    inner join {{ ref('int_region__ancestors') }} as ancestors
        on newest.region_code = ancestors.ancestor_code
    union all
    select
        ancestors.ancestor_code as region_code,
        newest.measure, newest.as_of_date, newest.difference_count, newest.subject_count
    from newest
    inner join {{ ref('int_region__ancestors') }} as ancestors
        on newest.region_code = ancestors.region_code and ancestors.distance > 0
),

pooled as (
    select
        region_code,
        measure,
        as_of_date,
        sum(difference_count) as difference_count,
        sum(subject_count) as subject_count
    from described
    group by region_code, measure, as_of_date
),

final as (
    select
        pooled.region_code,
        max(cast(pooled.difference_count as double) / pooled.subject_count) as difference_ratio
    from pooled
    inner join {{ thresholds_of('min_base') }} as base
        on {{ in_force_on('base', 'pooled.as_of_date') }}
    where pooled.subject_count >= base.value
    group by pooled.region_code
)

select * from final
