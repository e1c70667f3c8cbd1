-- Two sources that must agree, county by county and month by month: the national and the provincial list of monitored
-- households (R55), and the national list's subsistence allowance against civil affairs' own. Compared key by key:
-- equal totals of different households do not agree. A month without both lists is not compared.
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
    select
        'monitored_households' as measure, 'national_monitored_export' as source,
        scope_region_code, period_end_date, household_key as subject_key, usable_from_date
    from national
    union all
    select
        'monitored_households' as measure, 'provincial_platform_export' as source,
        scope_region_code, period_end_date, household_key as subject_key, usable_from_date
    from provincial
    union all
    select
        'dibao_persons' as measure, 'national_monitored_export' as source,
        scope_region_code, period_end_date, person_key as subject_key, usable_from_date
    from national
    where is_on_dibao
    union all
    -- Civil affairs lists every recipient; only those whom the national list holds can be compared.
    select
        'dibao_persons' as measure, 'civil_affairs' as source,
        national.scope_region_code, national.period_end_date, national.person_key as subject_key,
        greatest(national.usable_from_date, civil_affairs.usable_from_date) as usable_from_date
    from national
    inner join civil_affairs
        on
            national.person_key = civil_affairs.person_key
            and national.period_end_date = civil_affairs.period_end_date
),

delivered as (
    select
        case when table_name = 'civil_affairs' then 'dibao_persons' else 'monitored_households' end as measure,
        scope_region_code,
        period_end_date,
        max(usable_from_date) as usable_from_date
    from {{ ref('stg_landing__newest_loads') }}
    where table_name in ('civil_affairs', 'provincial_platform_export')
    group by table_name, scope_region_code, period_end_date
),

subjects as (
    select
        measure,
        scope_region_code,
        period_end_date,
        subject_key,
        max(case when source = 'national_monitored_export' then 1 else 0 end) as is_left,
        max(case when source <> 'national_monitored_export' then 1 else 0 end) as is_right,
        max(usable_from_date) as usable_from_date
    from said
    group by measure, scope_region_code, period_end_date, subject_key
),

final as (
    select
        subjects.scope_region_code as region_code,
        subjects.measure,
        subjects.period_end_date as month_end_date,
        cast(sum(subjects.is_left) as bigint) as left_count,
        cast(sum(subjects.is_right) as bigint) as right_count,
        cast(sum(case when subjects.is_left <> subjects.is_right then 1 else 0 end) as bigint) as difference_count,
        count(*) as subject_count,
        greatest(max(subjects.usable_from_date), max(delivered.usable_from_date)) as usable_from_date
    from subjects
    inner join delivered
        on
            subjects.measure = delivered.measure
            and subjects.scope_region_code = delivered.scope_region_code
            and subjects.period_end_date = delivered.period_end_date
    group by subjects.scope_region_code, subjects.measure, subjects.period_end_date
)

select * from final
