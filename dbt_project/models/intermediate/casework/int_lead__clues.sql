{#
    §3(1), R28 and R29: what reached the county other than by a department's list: what households report themselves,
    what cadres find on visits and yearly checks, petitions and calls, media, the duty desk, and the household rules.
    A petition comes in by the department trigger that calls it open. Many clues name a place and no household.
#}
{%- set nobody = 'cast(null as varchar)' -%}
{%- set plain_sources = [
    ('media_clues', 'stg_clues__media_clues', nobody, 'risk_text', 'found_date', 'true'),
    ('duty_reports', 'stg_clues__duty_reports', nobody, 'hazard_text',
        'cast(occurred_at + interval 8 hour as date)', 'true'),
    ('concentrated_checks', 'stg_townships__concentrated_checks', nobody, nobody,
        'coalesce(end_date, reported_date)', 'found_household_count > 0'),
    ('check_audits', 'stg_townships__check_audits', 'household_key', 'risk_text', 'audited_date', 'has_risk')
] -%}
with applications as (
    -- an application is told anew with every step of its handling: it is one clue, from the first telling on
    select
        *,
        row_number() over (
            partition by application_code order by row_usable_from_date, state_date, load_id, row_number
        ) as telling
    from {{ ref('stg_townships__self_reports') }}
),

reported as (
    select
        case when application_form = '咨询服务平台' then 'platform_reports' else 'self_reports' end as source,
        household_key, region_code, {{ nobody }} as topic_text, applied_date as told_date,
        row_usable_from_date as signal_date, load_id, row_number, known_at
    from applications
    where telling = 1
),

petitions as (
    select
        hits.source, hits.household_key, petitions.region_code, petitions.topic_text, hits.told_date, hits.signal_date,
        hits.load_id, hits.row_number, hits.known_at
    from {{ ref('int_lead__department_hits') }} as hits
    inner join {{ ref('stg_clues__petitions_hotline') }} as petitions
        on hits.load_id = petitions.load_id and hits.row_number = petitions.row_number
    where hits.source = 'petitions_hotline'
),

visits as (
    -- a visit may find several things: what it names, a house or water that is not safe
    {%- set found = [
        ("coalesce(found_risk_text, '其他')", 'has_risk_found'), ("'住房安全'", 'not is_housing_safe'),
        ("'饮水安全'", 'not is_water_safe')
    ] %}
    {%- for topic, condition in found %}
        select
            'cadre_visits' as source, household_key, region_code, {{ topic }} as topic_text, visit_date as told_date,
            row_usable_from_date as signal_date, load_id, row_number, known_at
        from {{ ref('stg_townships__cadre_visits') }}
        where {{ condition }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

told as (
    select * from reported
    union all
    select * from petitions
    union all
    select * from visits
    {%- for source, model, household, topic, told_date, condition in plain_sources %}
        union all
        select
            '{{ source }}' as source, {{ household }} as household_key, region_code, {{ topic }} as topic_text,
            {{ told_date }} as told_date, row_usable_from_date as signal_date, load_id, row_number, known_at
        from {{ ref(model) }}
        where {{ condition }}
    {%- endfor %}
),

final as (
    select
        told.source, told.household_key, told.region_code, {{ nobody }} as rule_id,
        coalesce(topics.risk_code, risks.risk_code, unlisted.risk_code) as risk_code, told.told_date, told.signal_date,
        told.load_id, told.row_number, told.known_at
    from told
    left join {{ ref('clue_topics') }} as topics
        on told.source = topics.source and told.topic_text = topics.topic_text
    left join {{ ref('risk_types') }} as risks
        on told.topic_text = risks.alias_text
    left join {{ ref('risk_types') }} as unlisted
        on unlisted.alias_text = '其他'
    union all
    select
        'rules' as source, household_key, {{ nobody }} as region_code, rule_id, {{ nobody }} as risk_code,
        signal_date as told_date, signal_date, {{ nobody }} as load_id, cast(null as bigint) as row_number, known_at
    from {{ ref('int_lead__rule_signals') }}
)

select * from final
