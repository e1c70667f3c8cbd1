-- What each dimension of the shock key says: the highest level that one of its rules knows.
with rules as (
    {%- for rule in ['hazards', 'r19', 'r20', 'r21', 'r22', 'r23', 'r24'] %}
        select region_code, as_of_date, dimension, status, level, known_at from {{ ref('int_rule__' ~ rule) }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

ranked as (
    select
        region_code,
        as_of_date,
        dimension,
        coalesce(max({{ level_rank('level') }}), 0) as known_rank,
        bool_or(status = 'unknown') as has_unknown,
        max(known_at) as known_at
    from rules
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
