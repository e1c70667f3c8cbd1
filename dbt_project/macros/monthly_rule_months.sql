{#
    A regional rule by the month (R20, R21, R22, R24): each region's figures of a month against the cuts in force at its
    end, with hysteresis. macros/monthly_rule_daily.sql brings the months to the days.
    facts: the model with one row per region and report_month, seen as `facts`; the cuts are seen as `cuts`, the single
    numbers as `parameters`; reached, held: whether the figures reach a cut, or its lowered one; observed: a mapping of
    one name to the figure shown; caution: `when … then …` for what cannot be judged, gravest first; unknown_where,
    none_where: the cautions that leave the level unknown, or at none; kept: parameters that the evidence shows;
    dropped: columns of `facts` that end here; of_rule: the facts are those of several rules; partial: the facts say of a
    month whether it is_incomplete (macros/told_months.sql).
#}
{% macro monthly_rule_months(
    rule_id, facts, parameter, reached, held, observed, caution, unknown_where, none_where, kept=[], dropped=[],
    of_rule=false, partial=false
) -%}
{%- set dropped = dropped + (['rule_id'] if of_rule else []) -%}
with facts as (
    select * from {{ ref(facts) }}
    {%- if of_rule %}
    where rule_id = '{{ rule_id }}'
    {%- endif %}
),

parameters as (
    select * from {{ ref('int_region__parameters_daily') }}
),

cuts as (
    select * from {{ ref('int_region__cuts_daily') }}
    where rule_id = '{{ rule_id }}' and parameter = '{{ parameter }}'
),

graded as (
    select
        facts.region_code,
        facts.report_month,
        coalesce(max(cuts.level_rank) filter (where {{ reached }}), 0) as raw_rank,
        coalesce(max(cuts.level_rank) filter (where {{ held }}), 0) as hold_rank,
        min(cuts.level_rank) as lowest_rank
    from facts
    inner join parameters on facts.month_end_date = parameters.as_of_date
    inner join cuts on facts.month_end_date = cuts.as_of_date
    group by facts.region_code, facts.report_month
),

measured as (
    select
        facts.*{% if dropped %} exclude ({{ dropped | join(', ') }}){% endif %},
        {%- for name in ['hysteresis_months', 'hysteresis_share'] + kept %}
        parameters.{{ name }},
        {%- endfor %}
        graded.raw_rank,
        graded.hold_rank,
        greatest(graded.raw_rank, graded.lowest_rank) as shown_rank,
        case
            when graded.lowest_rank is null or parameters.min_base is null then 'no_threshold_in_force'
            {{ caution }}
        end as caution,
        {%- for name, figure in observed.items() %}
        cast({{ figure }} as decimal(18, 6)) as {{ name }}
        {%- endfor %}
    from facts
    left join parameters on facts.month_end_date = parameters.as_of_date
    left join graded on facts.region_code = graded.region_code and facts.report_month = graded.report_month
),

levels as (
    select
        * exclude (raw_rank, hold_rank, hysteresis_share),
        {%- for rank in ['raw', 'hold'] %}
        case
            when caution in ('{{ (['no_threshold_in_force'] + unknown_where) | join("', '") }}') then 'unknown'
            {%- if partial and rank == 'hold' %}
            when is_incomplete then 'unknown'
            {%- endif %}
            when caution in ('{{ none_where | join("', '") }}') then 'none'
            {%- if rank == 'hold' %}
            when hysteresis_share is null then 'unknown'
            {%- endif %}
            else {{ rank_level(rank ~ '_rank') }}
        end as {{ rank }}_level{{ ',' if not loop.last }}
        {%- endfor %}
    from measured
),

{%- if partial %}
{{ told_months('levels') }}
{%- else %}
held as (
    {{ hysteresis('levels', ['region_code'], 'report_month', 'hysteresis_months') }}
)

select * from held
{%- endif %}
{%- endmacro %}
