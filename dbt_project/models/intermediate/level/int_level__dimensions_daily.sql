-- What each dimension of the shock key says: the highest level that one of its rules knows. A rule at orange or red
-- counts as yellow while even at worst too few households would fall into one of the three types to call it large: the
-- prompt level warns of large-scale relapse, and yellow already asks for an owner and a measure.
with rules as (
    {%- for rule in ['hazards', 'r19', 'r20', 'r21', 'r22', 'r23', 'r24'] %}
        select region_code, as_of_date, rule_id, dimension, status, level, known_at
        from {{ ref('int_rule__' ~ rule) }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

crossings as (
    select * from {{ ref('int_level__crossings_daily') }}
),

weighed as (
    select
        rules.region_code, rules.as_of_date, rules.dimension, rules.status,
        case
            when not crossings.is_large then least({{ level_rank('rules.level') }}, {{ level_rank("'yellow'") }})
            else {{ level_rank('rules.level') }}
        end as level_rank,
        greatest(rules.known_at, crossings.known_at) as known_at
    from rules
    left join crossings
        on
            rules.region_code = crossings.region_code
            and rules.as_of_date = crossings.as_of_date
            and rules.rule_id = crossings.rule_id
),

ranked as (
    select
        region_code,
        as_of_date,
        dimension,
        coalesce(max(level_rank), 0) as known_rank,
        bool_or(status = 'unknown') as has_unknown,
        max(known_at) as known_at
    from weighed
    group by region_code, as_of_date, dimension
),

-- A level that is known stands, whatever else is not.
final as (
    select
        region_code,
        as_of_date,
        dimension,
        known_rank,
        case when known_rank = 0 and has_unknown then 'unknown' else {{ rank_level('known_rank') }} end as level,
        known_at
    from ranked
)

select * from final
