{#
    §4 speaks of monitored households. A rule of it answers for every household and judged month: for one that is not
    monitored it is not applicable, and where no national list says who is, unknown.
    facts: the model with one row per monitored household and judged month, seen as `facts`; parameters: those that the
    rule compares with, each seen under its own name; applies: whether the clause speaks of a monitored household;
    is_breach: true, false, or null where it cannot be said; shown: the parameter shown beside the observed figure.
#}
{% macro rule_of_monitored(
    rule_id, facts, is_breach, evidence, caution, observed, unit, applies='true', parameters=[], shown=none
) -%}
with households as (
    select household_key, village_code, as_of_date, is_monitored, usable_from_date, known_at
    from {{ ref('int_household__monthly') }}
),

facts as (
    select * from {{ ref(facts) }}
),

compared as (
    select
        facts.* exclude (household_key, as_of_date, village_code, usable_from_date, known_at),
        households.*,
        facts.usable_from_date as facts_usable_from_date,
        facts.known_at as facts_known_at,
        case
            when households.is_monitored is null then 'monitored_list_missing'
            else {{ caution }}
        end as caution,
        {{ observed }} as observed,
        {{ shown ~ '.value' if shown else 'cast(null as decimal(18, 6))' }} as threshold_value,
        {{ shown ~ '.threshold_id' if shown else 'cast(null as varchar)' }} as threshold_id,
        households.is_monitored and ({{ applies }}) as is_asked,
        case when households.is_monitored then {{ is_breach }} end as is_breach
    from households
    left join facts
        on households.household_key = facts.household_key and households.as_of_date = facts.as_of_date
    {%- for parameter in parameters %}
        left join {{ thresholds_of(parameter) }} as {{ parameter }}
            on {{ in_force_on(parameter, 'households.as_of_date') }}
    {%- endfor %}
),

judged as (
    select
        *,
        case
            when not is_asked then 'not_applicable'
            -- where nothing is lacking it does not matter whether the clause speaks of the household
            when not is_breach then 'clear'
            else {{ status_of('(is_asked and is_breach)') }}
        end as status
    from compared
),

final as (
    select
        household_key,
        village_code,
        as_of_date,
        '{{ rule_id }}' as rule_id,
        status,
        cast(case when status in ('raised', 'clear') then observed end as decimal(18, 6)) as observed_value,
        cast(threshold_value as decimal(18, 6)) as threshold_value,
        '{{ unit }}' as unit,
        threshold_id,
        {{ evidence_of(evidence, caution='caution') }} as evidence,
        greatest(usable_from_date, facts_usable_from_date) as usable_from_date,
        greatest(known_at, facts_known_at) as known_at
    from judged
)

select * from final
{%- endmacro %}
