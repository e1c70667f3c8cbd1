{#
    A rule over a model of duties: for every region from the smallest that is held (leaf) up to the prefecture, the
    duties below it pooled. Raised: even if all that is unknown was kept, less than the share asked for is kept. Clear:
    enough is kept for sure. Between the two, or without a threshold (no comparison holds), unknown. Nothing due: not
    applicable, unless there are households of an unknown class that may be of this one.
    duties: the model of the duties, or several of the same columns.
    details: further counts of the duties, summed and told as evidence.
    apart: what is judged on its own in every region, 'department' (those that the clause holds) or 'class' (of
    households: a breach towards the few is not hidden among the many); none where the duties are one.
#}
{% macro duty_rule(rule_id, duties, leaf, clause, parameter, details=[], apart=none) -%}
with bearers as (
    {{ duty_bearers(rule_id, leaf, apart) }}
),

duties as (
    {%- for model in ([duties] if duties is string else duties) %}
    select * from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

pooled as (
    select
        bearers.region_code, bearers.region_level, bearers.department_code, bearers.class_code, bearers.as_of_date,
        max(duties.duty_period) as duty_period,
        cast(sum(duties.due_count) as bigint) as due_count,
        cast(sum(duties.kept_count) as bigint) as kept_count,
        cast(sum(duties.unknown_count) as bigint) as unknown_count,
        {%- for detail in details %}
        cast(sum(duties.{{ detail }}) as bigint) as {{ detail }},
        {%- endfor %}
        coalesce(max(duties.caution), 'delivery_missing') as duty_caution,
        max(duties.usable_from_date) as usable_from_date,
        max(duties.known_at) as known_at
    from bearers
    left join duties
        on
            bearers.as_of_date = duties.as_of_date
            {%- if apart %}
            and bearers.{{ apart }}_code = duties.{{ apart }}_code
            {%- endif %}
            and starts_with(duties.region_code, bearers.region_digits)
    group by
        bearers.region_code, bearers.region_level, bearers.department_code, bearers.class_code, bearers.as_of_date
),

judged as (
    select
        pooled.*, asked.value as threshold_value, asked.threshold_id,
        case
            when asked.value is null then 'no_threshold_in_force'
            {%- if apart == 'class' %}
            when pooled.due_count = 0 then 'class_unknown'
            {%- endif %}
            else pooled.duty_caution
        end as caution,
        case
            when pooled.due_count is null then 'unknown'
            {%- if apart == 'class' %}
            when pooled.due_count = 0 and perhaps.due_count > 0 then 'unknown'
            {%- endif %}
            when pooled.due_count = 0 then 'not_applicable'
            when pooled.kept_count + pooled.unknown_count < asked.value * pooled.due_count then 'raised'
            when pooled.kept_count >= asked.value * pooled.due_count then 'clear'
            else 'unknown'
        end as status
    from pooled
    left join {{ thresholds_of(parameter) }} as asked
        on {{ in_force_on('asked', 'pooled.as_of_date') }}
    {%- if apart == 'class' %}
    left join {{ duties_perhaps('pooled') }} as perhaps using (region_code, as_of_date, class_code)
    {%- endif %}
),

final as (
    select
        region_code, region_level, department_code, class_code, as_of_date,
        '{{ rule_id }}' as rule_id,
        status,
        cast(kept_count / nullif(due_count - unknown_count, 0) as decimal(18, 6)) as observed_value,
        cast(threshold_value as decimal(18, 6)) as threshold_value,
        'ratio' as unit,
        threshold_id,
        {%- set pairs = {
            'clause': "'" ~ clause ~ "'", 'period': 'duty_period', 'due': 'due_count', 'kept': 'kept_count',
            'unknown': 'unknown_count'
        } -%}
        {%- for detail in details %}{% set _ = pairs.update({detail: detail}) %}{% endfor %}
        {{ evidence_of(pairs, caution='caution') }} as evidence,
        duty_period, due_count, kept_count, unknown_count, usable_from_date, known_at
    from judged
)

select * from final
{%- endmacro %}
