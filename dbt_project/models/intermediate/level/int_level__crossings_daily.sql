-- Whether a shock to livelihoods that stands at orange or red would bring enough of the region's vulnerable
-- households into one of the three types to be called large: with everything unknown counted in, and a household in two
-- shocks twice. Up at once, down late, like every level. No row: nobody can tell (no line, or a shock in one of its
-- townships without a reading on the day), and the rule's level stands.
with raised as (
    {%- for rule in ['r19', 'r20', 'r21', 'r22', 'r23'] %}
        select region_code, as_of_date, rule_id from {{ ref('int_rule__' ~ rule) }}
        where level in ('orange', 'red')
        {%- if not loop.last %}
            union
        {%- endif %}
    {%- endfor %}
),

-- Days at orange or red that follow one another: what was large in one stretch says nothing of the next.
rules as (
    select
        raised.*, as_of_date - cast(row_number() over in_order as integer) as stretch
    from raised
    window in_order as (partition by region_code, rule_id order by as_of_date)
),

vulnerable as (
    select * from {{ ref('int_region__vulnerable_monthly') }}
),

counted as (
    select
        rules.region_code, rules.as_of_date, rules.rule_id, rules.stretch,
        cast(sum(crossings.crossing_household_count) as bigint) as crossing_household_count,
        cast(sum(crossings.hard_hit_household_count) as bigint) as hard_hit_household_count,
        cast(sum(crossings.unknown_household_count) as bigint) as unknown_household_count,
        max(crossings.known_at) as known_at
    from rules
    inner join {{ ref('int_region__ancestors') }} as ancestors on rules.region_code = ancestors.ancestor_code
    inner join {{ ref('int_shock__footprints') }} as footprints
        on
            ancestors.region_code = footprints.township_code
            and rules.rule_id = footprints.rule_id
            and rules.as_of_date between footprints.opened_date and footprints.last_held_date
    left join {{ ref('int_shock__crossings') }} as crossings
        on
            footprints.shock_id = crossings.shock_id
            and footprints.township_code = crossings.township_code
            and rules.as_of_date between crossings.from_date and crossings.to_date
    group by rules.region_code, rules.as_of_date, rules.rule_id, rules.stretch
    having count(*) = count(crossings.shock_id)
),

measured as (
    select
        counted.*, in_force.hysteresis_days, in_force.hysteresis_share,
        counted.crossing_household_count + counted.hard_hit_household_count + counted.unknown_household_count
            as possible_household_count,
        case
            when in_force.large_scale_share is not null and in_force.large_scale_households is not null
                then greatest(
                        in_force.large_scale_share * vulnerable.vulnerable_household_count,
                        in_force.large_scale_households
                    )
        end as needed_household_count
    from counted
    inner join {{ ref('int_region__parameters_daily') }} as in_force on counted.as_of_date = in_force.as_of_date
    inner join vulnerable
        on
            counted.region_code = vulnerable.region_code
            and counted.as_of_date between vulnerable.valid_from_date and vulnerable.valid_to_date
),

levels as (
    select
        * exclude (hysteresis_share),
        case
            when needed_household_count is null then 'unknown'
            when possible_household_count >= needed_household_count then 'orange'
            else 'none'
        end as raw_level,
        case
            when needed_household_count is null or hysteresis_share is null then 'unknown'
            when possible_household_count >= hysteresis_share * needed_household_count then 'orange'
            else 'none'
        end as hold_level
    from measured
),

held as (
    {{ hysteresis('levels', ['region_code', 'rule_id', 'stretch'], 'as_of_date', 'hysteresis_days') }}
),

final as (
    select
        region_code, as_of_date, rule_id, crossing_household_count, hard_hit_household_count, unknown_household_count,
        possible_household_count, cast(ceil(needed_household_count) as bigint) as needed_household_count,
        level <> 'none' as is_large,
        known_at
    from held
)

select * from final
