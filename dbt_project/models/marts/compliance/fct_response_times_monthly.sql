{#
    §1, R77: how long it takes from the first sign of a household's hardship to its inclusion, and from there to the
    first measure: the median and the ninth decile over the inclusions of the twelve months that end with the month,
    by what was known at its end. Who is not helped yet is counted apart, not left out in silence.
#}
{{ config(tags=['stage_2']) }}

with regions as (
    select * from {{ ref('int_region__bearers_monthly') }}
    where region_level <> 'village'
),

inclusions as (
    select
        regions.region_code,
        regions.region_level,
        regions.as_of_date,
        times.inclusion_days,
        case
            when times.first_measure_usable_from_date <= regions.as_of_date then times.first_measure_days
        end as first_measure_days,
        times.known_at
    from regions
    inner join {{ ref('int_household__inclusion_times') }} as times
        on
            starts_with(times.village_code, regions.region_digits)
            and regions.as_of_date >= times.usable_from_date
            and times.included_date > regions.as_of_date - interval 1 year
),

final as (
    select
        region_code,
        region_level,
        as_of_date,
        substring(cast(as_of_date as varchar), 1, 7) as period,
        count(*) as inclusion_count,
        count(*) - count(inclusion_days) as without_sign_count,
        count(*) - count(first_measure_days) as without_measure_count,
        {%- for days in ['inclusion_days', 'first_measure_days'] %}
            cast(quantile_disc({{ days }}, 0.5) as bigint) as median_{{ days }},
            cast(quantile_disc({{ days }}, 0.9) as bigint) as p90_{{ days }},
        {%- endfor %}
        max(known_at) as known_at
    from inclusions
    group by region_code, region_level, as_of_date
)

select * from final
