{# The end of int_rule__hazards: what is held, the figures of a loss as evidence, and the answers in the columns of every
    rule. #}
{% macro loss_figures(loss) -%}
cast(json_object(
    'event_count', {{ loss }}.event_count, 'untold_count', {{ loss }}.untold_count,
    'hit_household_count', {{ loss }}.hit_household_count, 'household_count', {{ loss }}.household_count,
    'no_harvest_mu', {{ loss }}.no_harvest_mu, 'no_harvest_untold_count', {{ loss }}.no_harvest_untold_count,
    'sown_mu', {{ loss }}.sown_mu
) as varchar)
{%- endmacro %}

{% macro hazard_findings() -%}
-- What was never raised has nothing to hold.
raised_ever as (
    select region_code, rule_id
    from levelled
    where raw_rank > 0
    group by region_code, rule_id
),

moving as (
    select
        region_code, rule_id, as_of_date, raw_level, hold_level, hysteresis_days,
        case when raw_rank > 0 then subject end as raising_subject
    from levelled
    inner join raised_ever using (region_code, rule_id)
),

held as (
    {{ hysteresis('moving', ['region_code', 'rule_id'], 'as_of_date', 'hysteresis_days') }}
),

lasting as (
    select
        region_code, rule_id, as_of_date, level,
        last_value(raising_subject ignore nulls) over (
            partition by region_code, rule_id order by as_of_date
            rows between unbounded preceding and current row
        ) as last_subject
    from held
),

settled as (
    select levelled.*, coalesce(lasting.level, levelled.raw_level) as level, lasting.last_subject
    from levelled
    left join lasting
        on
            levelled.region_code = lasting.region_code and levelled.rule_id = lasting.rule_id
            and levelled.as_of_date = lasting.as_of_date
),

final as (
    select
        region_code,
        as_of_date,
        rule_id,
        'hazard' as dimension,
        -- A level that is only held speaks of the hazard that last raised it, not of what is in force today.
        case when level in ('none', 'unknown') or raw_rank > 0 then subject else last_subject end as subject,
        case when level = 'unknown' then 'unknown' when level = 'none' then 'clear' else 'raised' end as status,
        raw_level,
        hold_level,
        level,
        coalesce(
            loss_ratio, cast(exposed_vulnerable_count / nullif(vulnerable_household_count, 0) as decimal(18, 6))
        ) as observed_value,
        cast(threshold_value as decimal(18, 6)) as threshold_value,
        case when subject is not null then 'ratio' end as unit,
        threshold_id,
        exposed_vulnerable_count as exposed_household_count,
        vulnerable_household_count,
        cast(case
            when measure is null then json_object(
                'hazards', hazards,
                'colour', colour,
                'township_count', township_count,
                'exposed_any_count', exposed_household_count,
                'unknown_vulnerable_count', unknown_vulnerable_count,
                'caution', nullif(caution, 'no_episode'),
                'held', level <> raw_level,
                'load_id', load_id,
                'clause', '§2(3)'
            )
            else json_object(
                'hazards', hazards,
                'measure', measure,
                'losses', cast(loss_figures as json),
                'caution', nullif(caution, 'no_episode'),
                'held', level <> raw_level,
                'load_id', load_id,
                'clause', '§2(3)'
            )
        end as varchar) as evidence,
        greatest(households_known_at, told_known_at) as known_at
    from settled
)

select * from final
{%- endmacro %}
