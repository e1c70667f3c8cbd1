-- What a reader must know beside a level: one line of caution codes (seed cautions) for every region and day that
-- has any.
with rules as (
    {%- for relation in ['int_rule__hazards', 'int_rule__r19', 'int_rule__r20', 'int_rule__r21', 'int_rule__r22',
        'int_rule__r23', 'int_rule__r24', 'int_level__distress_daily'] %}
        select region_code, as_of_date, status, raw_level, level, evidence from {{ ref(relation) }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

own as (
    select * from {{ ref('int_level__own_daily') }}
),

raised as (
    select * from {{ ref('int_level__raised_daily') }}
),

told as (
    select region_code, as_of_date, json_extract_string(evidence, '$.caution') as caution
    from rules
    where evidence is not null
    union
    select region_code, as_of_date, 'level_held' as caution
    from rules
    where {{ level_rank('level') }} > coalesce({{ level_rank('raw_level') }}, 0)
    union
    select region_code, as_of_date, 'no_households_registered' as caution
    from own
    where vulnerable_household_count is null
    union
    select region_code, as_of_date, 'feeds_not_on_time' as caution
    from own
    where missing_feeds is not null
    union
    select own.region_code, own.as_of_date, 'no_monitoring_line' as caution
    from own
    left join {{ thresholds_of('monitoring_line') }} as monitoring_line
        on {{ in_force_on('monitoring_line', 'own.as_of_date') }}
    where monitoring_line.threshold_id is null
    union
    select region_code, as_of_date, 'level_raised_by_children' as caution
    from raised
    where raised_by_children
),

vocabulary as (
    select caution from {{ ref('cautions') }}
),

-- A code outside the vocabulary would reach a briefing without words: is_listed is tested to be true.
final as (
    select
        told.region_code,
        told.as_of_date,
        string_agg(told.caution, ',' order by told.caution) as cautions,
        bool_and(vocabulary.caution is not null) as is_listed
    from told
    left join vocabulary on told.caution = vocabulary.caution
    where told.caution is not null
    group by told.region_code, told.as_of_date
)

select * from final
