-- What the county staff's own checks find in the national list, household by household: faults, and what cannot be
-- checked; the rest is kept as counts.
{{ config(tags=['stage_2']) }}

with findings as (
    select * from {{ ref('int_quality__findings') }}
    where status in ('raised', 'unknown')
),

checks as (
    select * from {{ ref('quality_rules') }}
),

final as (
    select
        findings.household_key,
        findings.village_code,
        substring(findings.village_code, 1, 9) || '000' as township_code,
        substring(findings.village_code, 1, 6) || '000000' as county_code,
        substring(findings.village_code, 1, 4) || '00000000' as prefecture_code,
        findings.as_of_date,
        substring(cast(findings.as_of_date as varchar), 1, 7) as period,
        findings.check_id,
        checks.name_zh as check_name,
        checks.source_mark,
        checks.says_zh as reason_zh,
        findings.status,
        findings.observed_value,
        findings.threshold_value,
        findings.evidence,
        findings.known_at
    from findings
    inner join checks
        on findings.check_id = checks.check_id
)

select * from final
