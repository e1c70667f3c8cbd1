-- R16: which part of a township's crop or herd the pests or diseases in force on a day have hit, by what its register
-- says that it farms (§2(3), affected area or herd against the households that live from it). Several pests strike the
-- same fields: the widest known speaks. Where an amount, the register or a kind is not known, it may be wider.
with statements as (
    select * from {{ ref('int_hazard__announced_events') }}
    where source in ('crop_pest', 'animal_disease')
),

days as (
    {{ day_spine() }}
),

standing as (
    select
        statements.*,
        days.as_of_date
    from statements
    inner join days
        on
            statements.from_date <= days.as_of_date
            and (statements.until_date is null or statements.until_date > days.as_of_date)
            and (
                statements.days_in_force is null
                or cast(statements.began_at + interval 8 hour + to_days(statements.days_in_force) as date)
                > days.as_of_date
            )
),

farmed as (
    {%- for column in ['wheat_mu', 'maize_mu', 'orchard_mu', 'other_crop_mu', 'hog_head', 'cattle_head', 'sheep_head',
        'poultry_head'] %}
        select
            region_code, valid_from_date, valid_to_date, '{{ column.rsplit('_', 1)[0] }}' as farmed_as,
            cast({{ column }} as decimal(18, 2)) as farmed_amount
        from {{ ref('int_region__farmed_monthly') }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

measured as (
    select
        standing.region_code, standing.hazard_code, standing.as_of_date,
        case
            when standing.is_everywhere then cast(1 as decimal(18, 6))
            when farmed.farmed_amount > 0 and standing.amount is not null
                then cast(least(cast(standing.amount as double) / farmed.farmed_amount, 1) as decimal(18, 6))
        end as reach_ratio
    from standing
    left join farmed
        on
            standing.region_code = farmed.region_code
            and standing.farmed_as = farmed.farmed_as
            and standing.as_of_date >= farmed.valid_from_date and standing.as_of_date <= farmed.valid_to_date
),

final as (
    select
        townships.region_code as township_code,
        measured.hazard_code,
        measured.as_of_date,
        max(measured.reach_ratio) as reach_ratio,
        count(*) = count(measured.reach_ratio) as is_known
    from measured
    inner join {{ ref('int_region__ancestors') }} as ancestors on measured.region_code = ancestors.ancestor_code
    inner join {{ ref('int_region__current') }} as townships
        on ancestors.region_code = townships.region_code and townships.region_level = 'township'
    group by townships.region_code, measured.hazard_code, measured.as_of_date
)

select * from final
