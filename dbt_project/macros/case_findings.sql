{#
    The frame of a rule that judges cases: the answer of every row of a CTE `judged`, in the shape of all rules.
    `judged` carries the case's own columns and `status`; the rest are SQL expressions over it.
    evidence: a mapping from key to expression, the clause left out. caution: the code of what is missing.
#}
{% macro case_findings(
    rule_id, clause, evidence, caution, observed='null', unit='null', threshold='null', threshold_id='null'
) -%}
{%- set pairs = {'clause': "'" ~ clause ~ "'"} -%}
{%- do pairs.update(evidence) -%}
{%- do pairs.update({'loads': 'source_load_ids'}) -%}
final as (
    select
        case_id,
        household_key,
        village_code,
        as_of_date,
        '{{ rule_id }}' as rule_id,
        status,
        cast({{ observed }} as decimal(18, 6)) as observed_value,
        cast({{ threshold }} as decimal(18, 6)) as threshold_value,
        cast({{ unit }} as varchar) as unit,
        cast({{ threshold_id }} as varchar) as threshold_id,
        {{ evidence_of(pairs, caution=caution) }} as evidence,
        usable_from_date,
        known_at
    from judged
)

select * from final
{%- endmacro %}
