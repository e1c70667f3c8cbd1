{#
    §1, R77: how long it takes from the first sign of a household's hardship to its inclusion, from there to the first
    measure, and from the first measure to the label that its risk is gone: the median and the ninth decile over the
    inclusions, and over the closings, of the twelve months that end with the month, by what was known at its end. Who
    is not helped yet is counted apart, not left out in silence; whose risk has not closed yet is no closing.
#}
{{ config(tags=['stage_2']) }}

with regions as (
    select * from {{ ref('int_region__bearers_monthly') }}
    where region_level <> 'village'
),

spans as (
    select
        village_code,
        included_date as counted_date,
        usable_from_date,
        known_at,
        true as is_inclusion,
        inclusion_days,
        first_measure_days,
        first_measure_usable_from_date,
        cast(null as bigint) as closing_days
    from {{ ref('int_household__inclusion_times') }}
    union all
    select
        village_code,
        closed_date as counted_date,
        usable_from_date,
        known_at,
        false as is_inclusion,
        null as inclusion_days,
        null as first_measure_days,
        null as first_measure_usable_from_date,
        closing_days
    from {{ ref('int_household__closing_times') }}
),

counted as (
    select
        regions.region_code,
        regions.region_level,
        regions.as_of_date,
        spans.is_inclusion,
        spans.inclusion_days,
        case
            when spans.first_measure_usable_from_date <= regions.as_of_date then spans.first_measure_days
        end as first_measure_days,
        spans.closing_days,
        spans.known_at
    from regions
    inner join spans
        on
            starts_with(spans.village_code, regions.region_digits)
            and regions.as_of_date >= spans.usable_from_date
            and spans.counted_date > regions.as_of_date - interval 1 year
),

final as (
    select
        region_code,
        region_level,
        as_of_date,
        substring(cast(as_of_date as varchar), 1, 7) as period,
        count(*) filter (where is_inclusion) as inclusion_count,
        count(*) filter (where is_inclusion and inclusion_days is null) as without_sign_count,
        count(*) filter (where is_inclusion and first_measure_days is null) as without_measure_count,
        count(*) filter (where not is_inclusion) as closing_count,
        {%- for days in ['inclusion_days', 'first_measure_days', 'closing_days'] %}
            cast(quantile_disc({{ days }}, 0.5) as bigint) as median_{{ days }},
            cast(quantile_disc({{ days }}, 0.9) as bigint) as p90_{{ days }},
        {%- endfor %}
        max(known_at) as known_at
    from counted
    group by region_code, region_level, as_of_date
)

select * from final
