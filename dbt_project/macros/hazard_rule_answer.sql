{# The second half of macros/hazard_rule.sql: from the worst hazard of a region and day to the finding. #}
{% macro hazard_rule_answer(rule_id) %}
measured as (
    select
        regions.*,
        worst.hazard_code as subject,
        worst.colour,
        worst.township_count,
        worst.exposed_household_count as exposed_any_count,
        worst.exposed_vulnerable_count,
        worst.unknown_vulnerable_count,
        worst.threshold_value,
        worst.load_id,
        worst.known_at as warning_known_at,
        in_force.hazards,
        case
            when regions.first_known_date is null or regions.as_of_date < regions.first_known_date
                then 'no_warnings_known'
            when worst.region_code is null then 'no_episode'
            when regions.vulnerable_household_count is null then 'no_household_data'
            when regions.min_base is null or regions.hysteresis_share is null then 'no_threshold_in_force'
            when regions.vulnerable_household_count < regions.min_base then 'below_min_base'
            when worst.raw_rank = 0 and worst.region_possible_rank > 0 then 'exposure_unknown'
            when worst.region_possible_rank > worst.raw_rank then 'exposure_partly_unknown'
        end as caution,
        worst.raw_rank,
        worst.region_hold_rank as hold_rank
    from regions
    left join ranked as worst
        on
            regions.region_code = worst.region_code and regions.as_of_date = worst.as_of_date
            and worst.worst_first = 1
    left join in_force
        on regions.region_code = in_force.region_code and regions.as_of_date = in_force.as_of_date
),

levelled as (
    select
        *,
        case
            when caution in ('no_warnings_known', 'no_household_data', 'no_threshold_in_force', 'exposure_unknown')
                then 'unknown'
            when caution in ('no_episode', 'below_min_base') then 'none'
            else {{ rank_level('raw_rank') }}
        end as raw_level,
        case
            when caution in ('no_warnings_known', 'no_household_data', 'no_threshold_in_force', 'exposure_unknown')
                then 'unknown'
            when caution in ('no_episode', 'below_min_base') then 'none'
            else {{ rank_level('hold_rank') }}
        end as hold_level
    from measured
),

held as (
    {{ hysteresis('levelled', ['region_code'], 'as_of_date', 'hysteresis_days') }}
),

final as (
    select
        region_code,
        as_of_date,
        '{{ rule_id }}' as rule_id,
        'hazard' as dimension,
        -- A level that is only held speaks of the hazard that last raised it, not of what is in force today.
        case
            when level in ('none', 'unknown') or raw_rank > 0 then subject
            else last_value(case when raw_rank > 0 then subject end ignore nulls) over (
                partition by region_code order by as_of_date rows between unbounded preceding and current row
            )
        end as subject,
        case when level = 'unknown' then 'unknown' when level = 'none' then 'clear' else 'raised' end as status,
        raw_level,
        hold_level,
        level,
        cast(exposed_vulnerable_count / nullif(vulnerable_household_count, 0) as decimal(18, 6)) as observed_value,
        cast(threshold_value as decimal(18, 6)) as threshold_value,
        case when subject is not null then 'ratio' end as unit,
        case when subject is not null then 'hazard_matrix:' || colour end as threshold_id,
        exposed_vulnerable_count as exposed_household_count,
        vulnerable_household_count,
        cast(json_object(
            'hazards', hazards,
            'colour', colour,
            'township_count', township_count,
            'exposed_any_count', exposed_any_count,
            'unknown_vulnerable_count', unknown_vulnerable_count,
            'caution', nullif(caution, 'no_episode'),
            'held', level <> raw_level,
            'load_id', load_id,
            'clause', '§2(3)'
        ) as varchar) as evidence,
        greatest(households_known_at, warning_known_at) as known_at
    from held
)

select * from final
{% endmacro %}
