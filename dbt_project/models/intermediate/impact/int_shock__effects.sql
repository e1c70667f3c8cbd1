-- What each computed shock can touch and would take in each township and part of income, as shares of a year's sum of
-- that part: low, central and high. Null is not known (no effect in force, or a fall that nobody can tell).
with footprints as (
    select * from {{ ref('int_shock__footprints') }}
    where is_computed
),

relevance as (
    select * from {{ ref('hazard_relevance') }}
),

livelihoods as (
    select distinct
        commodity,
        livelihood_share,
        replace(replace(livelihood_column, 'inc_', ''), '_gross_cny', '') as component
    from {{ ref('commodities') }}
),

-- A hazard in force over several months is judged by the month in which most was at stake.
at_stake as (
    select
        footprints.shock_id, footprints.township_code, relevance.livelihood as component,
        max(relevance.relevance_ratio) as touched_ratio
    from footprints
    inner join relevance
        on
            footprints.subject = relevance.hazard_code
            and {{ months_between('footprints.opened_date', 'footprints.last_held_date') }}
            >= (relevance.month - month(footprints.opened_date) + 12) % 12
    where footprints.kind = 'hazard' and relevance.relevance_ratio > 0
    group by footprints.shock_id, footprints.township_code, relevance.livelihood
    union all
    select
        footprints.shock_id, footprints.township_code, livelihoods.component,
        livelihoods.livelihood_share as touched_ratio
    from footprints
    inner join livelihoods on footprints.subject = livelihoods.commodity
    where footprints.kind = 'price'
    union all
    select footprints.shock_id, footprints.township_code, 'wage' as component, 1 as touched_ratio
    from footprints
    where footprints.kind in ('employment', 'site')
    union all
    select footprints.shock_id, footprints.township_code, parts.component, 1 as touched_ratio
    from footprints
    cross join (values ('linked'), ('dependent')) as parts (component)
    where footprints.kind in ('project', 'link')
),

ranked as (
    select
        at_stake.*,
        case
            when footprints.kind <> 'price' then 1
            when footprints.fall_ratio < 0 then 0
            else footprints.fall_ratio
        end as measured_ratio,
        {%- for case_name in ['low', 'central', 'high'] %}
            effects.{{ case_name }}_ratio,
        {%- endfor %}
        effects.effect_id,
        row_number() over (
            partition by at_stake.shock_id, at_stake.township_code, at_stake.component
            order by
                effects.subject = 'any', effects.component = 'any', effects.severity = 'any',
                effects.known_from desc, effects.in_force_from desc
        ) as preference
    from at_stake
    inner join footprints
        on at_stake.shock_id = footprints.shock_id and at_stake.township_code = footprints.township_code
    left join {{ ref('shock_effects') }} as effects
        on
            footprints.kind = effects.kind
            and effects.subject in (footprints.subject, 'any')
            and effects.component in (at_stake.component, 'any')
            and effects.severity in (footprints.severity, 'any')
            and footprints.as_of_date >= greatest(effects.in_force_from, effects.known_from)
            and footprints.as_of_date <= coalesce(effects.in_force_to, date '9999-12-31')
),

final as (
    select
        shock_id, township_code, component,
        cast(touched_ratio as decimal(9, 6)) as touched_ratio,
        {%- for case_name in ['low', 'central', 'high'] %}
            case
                when measured_ratio * {{ case_name }}_ratio is not null
                    then cast(touched_ratio * least(measured_ratio * {{ case_name }}_ratio, 1) as decimal(9, 6))
            end as {{ case_name }}_ratio,
        {%- endfor %}
        effect_id
    from ranked
    where preference = 1
)

select * from final
