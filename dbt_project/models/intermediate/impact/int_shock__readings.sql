-- How grave a shock to livelihoods is in each township, span of days by span of days, as it was known on them: the fall
-- of the week, the newest list of work, of projects and links. Of every shock, however small, in a township for which
-- a region stands at orange or red by the same rule: only there does a level ask whom they would ruin
-- (int_level__crossings_daily). Hazards have none: a warning's colour is no measure of a loss, and loss reports tell of
-- all that was hit.
with rules as (
    {%- for rule in ['r19', 'r20', 'r21', 'r22', 'r23'] %}
        select region_code, rule_id from {{ ref('int_rule__' ~ rule) }}
        where level in ('orange', 'red')
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

asked as (
    select distinct ancestors.region_code as township_code, rules.rule_id
    from rules
    inner join {{ ref('int_region__ancestors') }} as ancestors on rules.region_code = ancestors.ancestor_code
),

shocks as (
    select footprints.* exclude (is_open, fall_ratio, usable_from_date, as_of_date, is_computed), episodes.before_date
    from {{ ref('int_shock__footprints') }} as footprints
    inner join {{ ref('int_shock__episodes') }} as episodes on footprints.shock_id = episodes.shock_id
    inner join asked on footprints.township_code = asked.township_code and footprints.rule_id = asked.rule_id
),

parts as (
    select
        shocks.shock_id, shocks.township_code, effects.component,
        max_by(effects.high_ratio, (
            effects.subject <> 'any', effects.severity <> 'any', effects.known_from, effects.in_force_from
        )) as high_ratio
    from shocks
    inner join {{ ref('shock_effects') }} as effects
        on
            shocks.kind = effects.kind
            and effects.subject in (shocks.subject, 'any')
            and effects.severity in (shocks.severity, 'any')
            and shocks.opened_date >= greatest(effects.in_force_from, effects.known_from)
            and shocks.opened_date <= coalesce(effects.in_force_to, date '9999-12-31')
    group by shocks.shock_id, shocks.township_code, effects.component
),

effects as (
    select shock_id, township_code, max(high_ratio) as high_ratio
    from parts
    group by shock_id, township_code
),

price_weeks as (
    select
        price_region_code as source_code, commodity as subject,
        case when max(fall_ratio) < 0 then 0 else max(fall_ratio) end as measured_ratio,
        min(as_of_date) as from_date, max(as_of_date) as to_date
    from {{ ref('int_rule__r19_prices') }}
    group by price_region_code, commodity, price_year, week_number
),

spans as (
    select shocks.*, weeks.from_date, weeks.to_date, cast(null as date) as reading_date, weeks.measured_ratio
    from shocks
    inner join price_weeks as weeks
        on shocks.shock_region_code = weeks.source_code and shocks.subject = weeks.subject
    where shocks.kind = 'price'
    union all
    select shocks.*, spoken.from_date, spoken.to_date, spoken.reading_date, 1 as measured_ratio
    from shocks
    inner join {{ ref('int_region__current') }} as regions on shocks.township_code = regions.region_code
    inner join {{ ref('int_shock__lists') }} as spoken
        on regions.county_code = spoken.county_code and shocks.kind = spoken.kind
),

-- Incomes before the shock that became known only after its first days speak from then on.
final as (
    select
        spans.* exclude (from_date, to_date, measured_ratio),
        greatest(spans.from_date, spans.opened_date, spans.before_date) as from_date,
        least(spans.to_date, spans.last_held_date) as to_date,
        cast(spans.measured_ratio * effects.high_ratio as decimal(9, 6)) as high_ratio
    from spans
    left join effects on spans.shock_id = effects.shock_id and spans.township_code = effects.township_code
)

select * from final
where from_date <= to_date
