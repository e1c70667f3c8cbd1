-- Two sources that must agree, county by county and month by month: the national and the provincial list of monitored
-- households (R55), and the national list's subsistence allowance against civil affairs' own. Compared key by key:
-- equal totals of different households do not agree, nor does a household of which the two say different things. A
-- month without both lists is not compared; two empty lists agree.
with national as (
    select * from {{ ref('stg_national__monitored_persons') }}
),

provincial as (
    select * from {{ ref('stg_provincial__platform_export') }}
),

civil_affairs as (
    select * from {{ ref('stg_departments__civil_affairs') }}
    where relief_kind = '低保' and relief_status in ('在享', '新增')
),

said as (
    {%- for model in ['national', 'provincial'] %}
        select
            'monitored_households' as measure, '{{ model }}' as source, scope_region_code, period_end_date,
            household_key as subject_key, coalesce(monitored_type, '') as monitored_type,
            coalesce(is_risk_eliminated, false) as is_eliminated
        from {{ model }}
        union all
    {%- endfor %}
    select
        'dibao_persons' as measure, 'national' as source, scope_region_code, period_end_date,
        person_key as subject_key, null as monitored_type, null as is_eliminated
    from national
    where is_on_dibao
    union all
    -- Civil affairs lists every recipient; only those whom the national list holds can be compared.
    select
        'dibao_persons' as measure, 'civil_affairs' as source, national.scope_region_code, national.period_end_date,
        national.person_key as subject_key, null as monitored_type, null as is_eliminated
    from national
    inner join civil_affairs
        on
            national.person_key = civil_affairs.person_key
            and national.period_end_date = civil_affairs.period_end_date
),

delivered as (
    {%- for measure, source in {
        'monitored_households': 'provincial_platform_export', 'dibao_persons': 'civil_affairs'
    }.items() %}
        select
            '{{ measure }}' as measure, scope_region_code, period_end_date,
            max(usable_from_date) as usable_from_date, max(known_at) as known_at
        from {{ ref('stg_landing__newest_loads') }}
        where table_name in ('national_monitored_export', '{{ source }}')
        group by scope_region_code, period_end_date
        having count(distinct table_name) = 2
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

subjects as (
    select
        measure,
        scope_region_code,
        period_end_date,
        subject_key,
        max(case when source = 'national' then 1 else 0 end) as is_left,
        max(case when source <> 'national' then 1 else 0 end) as is_right,
        case
            when min(monitored_type) <> max(monitored_type) or count(distinct is_eliminated) = 2 then 1 else 0
        end as is_mismatch
    from said
    group by measure, scope_region_code, period_end_date, subject_key
),

final as (
    select
        delivered.scope_region_code as region_code,
        delivered.measure,
        delivered.period_end_date as month_end_date,
        cast(coalesce(sum(subjects.is_left), 0) as bigint) as left_count,
        cast(coalesce(sum(subjects.is_right), 0) as bigint) as right_count,
        count(*) filter (where subjects.is_left <> subjects.is_right) as difference_count,
        count(*) filter (where subjects.is_left = subjects.is_right and subjects.is_mismatch = 1) as mismatch_count,
        count(subjects.subject_key) as subject_count,
        max(delivered.usable_from_date) as usable_from_date,
        max(delivered.known_at) as known_at
    from delivered
    left join subjects
        on
            delivered.measure = subjects.measure
            and delivered.scope_region_code = subjects.scope_region_code
            and delivered.period_end_date = subjects.period_end_date
    group by delivered.scope_region_code, delivered.measure, delivered.period_end_date
)

select * from final
