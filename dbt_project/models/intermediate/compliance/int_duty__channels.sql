{#
    §3(1), R28: is each of the three channels of discovery alive in each county: did it bring at least one sign in the
    quarter? Self-reports applied for, visits that found a risk, runs of departments that warned. A channel at zero for a
    whole quarter is a breach; where no report of the quarter came, it is unknown.
#}
{%- set channels = {
    'self_report': ('stg_townships__self_reports', 'applied_date', 'true'),
    'cadre_check': ('stg_townships__cadre_visits', 'visit_date', 'has_risk_found'),
    'dept_screen': ('stg_departments__screening_runs', 'screened_quarter', 'warning_count > 0')
} %}
with quarters as (
    {{ newest_period_due(['self_reports', 'cadre_visits', 'screening_runs'], 'quarter') }}
),

held as (
    select quarters.*, counties.region_code
    from quarters
    inner join {{ ref('int_region__bearers_monthly') }} as counties
        on quarters.as_of_date = counties.as_of_date and counties.region_level = 'county'
),

signs as (
    {%- for channel, (model, day, condition) in channels.items() %}
        select
            '{{ channel }}' as channel, substring(region_code, 1, 6) || '000000' as region_code,
            {{ day }} as sign_date, row_usable_from_date, known_at
        from {{ ref(model) }}
        where {{ condition }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

reports as (
    select
        held.region_code, held.as_of_date,
        case loads.table_name
            when 'self_reports' then 'self_report' when 'cadre_visits' then 'cadre_check' else 'dept_screen'
        end as channel,
        max(loads.usable_from_date) as usable_from_date,
        max(loads.known_at) as known_at
    from held
    inner join {{ ref('stg_landing__newest_loads') }} as loads
        on
            loads.table_name in ('self_reports', 'cadre_visits', 'screening_runs')
            and held.duty_start_date <= loads.period_end_date and held.duty_end_date >= loads.period_end_date
            and held.as_of_date >= loads.usable_from_date
            and {{ scope_holds('loads.scope_region_code', 'held.region_code') }}
    group by held.region_code, held.as_of_date, loads.table_name
),

alive as (
    select
        held.region_code, held.as_of_date, signs.channel,
        max(signs.row_usable_from_date) as usable_from_date,
        max(signs.known_at) as known_at
    from held
    inner join signs
        on
            held.region_code = signs.region_code
            and held.duty_start_date <= signs.sign_date and held.duty_end_date >= signs.sign_date
            and held.as_of_date >= signs.row_usable_from_date
    group by held.region_code, held.as_of_date, signs.channel
),

asked as (
    {%- for channel in channels %}
        select *, '{{ channel }}' as channel from held
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        asked.region_code,
        asked.as_of_date,
        extract(year from asked.duty_start_date) || '-Q' || extract(quarter from asked.duty_start_date) as duty_period,
        count(*) as due_count,
        count(alive.channel) as kept_count,
        count(*) filter (where alive.channel is null and reports.channel is null) as unknown_count,
        {%- for channel in channels %}
            count(reports.channel) filter (where asked.channel = '{{ channel }}' and alive.channel is null)
                as {{ channel }}_silent_count,
        {%- endfor %}
        case when count(reports.channel) < count(*) then 'delivery_missing' end as caution,
        max(greatest(alive.usable_from_date, reports.usable_from_date)) as usable_from_date,
        max(greatest(alive.known_at, reports.known_at)) as known_at
    from asked
    left join alive using (region_code, as_of_date, channel)
    left join reports using (region_code, as_of_date, channel)
    group by asked.region_code, asked.as_of_date, asked.duty_start_date
)

select * from final
