{#
    How the work goes: for every region, clause, month and (where they are judged apart) department or class of
    households, how many duties were due and kept, the answer, and the reason in plain words. Upper regions are judged on
    pooled counts.
#}
{{ config(tags=['stage_2']) }}

{%- set rules = [
    'r28', 'r30', 'r31', 'r32', 'r33', 'r35', 'r52', 'r54', 'r55', 'r71', 'r72', 'r73', 'r74', 'r76', 'r77'
] %}
with findings as (
    {%- for rule in rules %}
        select
            region_code, region_level, department_code, class_code, as_of_date, rule_id, status, observed_value,
            threshold_value, threshold_id, evidence, duty_period, due_count, kept_count, unknown_count,
            usable_from_date, known_at
        from {{ ref('int_rule__' ~ rule) }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

rules as (
    select * from {{ ref('rules') }}
),

departments as (
    select * from {{ ref('department_duties') }}
),

classes as (
    select * from {{ ref('household_classes') }}
),

cautions as (
    select * from {{ ref('cautions') }}
),

final as (
    select
        findings.region_code,
        findings.region_level,
        findings.rule_id,
        rules.clause,
        findings.department_code,
        departments.name_zh as department_name,
        findings.class_code,
        classes.name_zh as class_name,
        findings.as_of_date,
        substring(cast(findings.as_of_date as varchar), 1, 7) as period,
        findings.duty_period,
        findings.status,
        findings.kept_count as numerator_count,
        findings.due_count - findings.unknown_count as denominator_count,
        findings.unknown_count,
        findings.observed_value as ratio,
        findings.threshold_value,
        findings.threshold_id,
        case findings.status
            when 'not_applicable' then rules.name_zh || '：本期没有应履行事项'
            when 'unknown' then rules.name_zh || '：' || coalesce(cautions.text_zh, '无法判断')
            else concat(
                    rules.name_zh, '：应履行', findings.due_count, '项，已履行', findings.kept_count, '项',
                    case when findings.unknown_count > 0 then '，' || findings.unknown_count || '项不明' else '' end,
                    '，要求不低于', {{ percent_text('findings.threshold_value') }}
                )
        end as reason_zh,
        findings.evidence,
        findings.known_at
    from findings
    inner join rules
        on findings.rule_id = rules.rule_id
    left join departments
        on findings.rule_id = departments.rule_id and findings.department_code = departments.department_code
    left join classes
        on findings.class_code = classes.class_code
    left join cautions
        on {{ evidence_text('findings', 'caution') }} = cautions.caution
)

select * from final
