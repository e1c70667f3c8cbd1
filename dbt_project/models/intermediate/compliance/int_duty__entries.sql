{#
    §5(3), R74: which steps and visits were entered longer after their day than allowed? Those of the newest month of
    entry whose files were due, village by village. An entry whose day is not told is unknown, and so is what a file that
    did not come would have told.
#}
{%- set sources = {
    'procedure_events': ('stg_townships__procedure_events', 'step_date'),
    'cadre_visits': ('stg_townships__cadre_visits', 'visit_date')
} %}
with months as (
    {{ newest_period_due(['procedure_events', 'cadre_visits'], 'month') }}
),

held as (
    select months.*, villages.region_code
    from months
    inner join {{ ref('int_region__bearers_monthly') }} as villages
        on months.as_of_date = villages.as_of_date and villages.region_level = 'village'
),

entries as (
    {%- for model, day in sources.values() %}
        select region_code, entered_date - {{ day }} as delay_days, entered_date, row_usable_from_date, known_at
        from {{ ref(model) }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

procedure_events_told as (
    {{ reports_of('procedure_events', touches_the_period()) }}
),

cadre_visits_told as (
    {{ reports_of('cadre_visits', touches_the_period()) }}
),

traces as (
    select
        entries.region_code, months.as_of_date,
        coalesce(entries.delay_days <= allowed.value, false) as is_kept,
        entries.delay_days is null or allowed.value is null as is_unknown,
        case when allowed.value is null then 'no_threshold_in_force' else 'entry_date_missing' end as caution,
        entries.row_usable_from_date as usable_from_date, entries.known_at
    from entries
    inner join months
        on
            entries.row_usable_from_date <= months.as_of_date
            and coalesce(entries.entered_date, entries.row_usable_from_date)
            between months.duty_start_date and months.duty_end_date
    left join {{ thresholds_of('backdating_days') }} as allowed
        on {{ in_force_on('allowed', 'months.as_of_date') }}
    {%- for feed in sources %}
        union all
        select
            held.region_code, held.as_of_date, false as is_kept, true as is_unknown, 'delivery_missing' as caution,
            cast(null as date) as usable_from_date, cast(null as timestamp) as known_at
        from held
        left join {{ feed }}_told as told
            on held.region_code = told.region_code and held.as_of_date = told.as_of_date
        where told.region_code is null
    {%- endfor %}
),

final as (
    select
        held.region_code,
        held.as_of_date,
        substring(cast(held.duty_start_date as varchar), 1, 7) as duty_period,
        count(traces.is_kept) as due_count,
        count(*) filter (where traces.is_kept) as kept_count,
        count(*) filter (where traces.is_unknown) as unknown_count,
        count(*) filter (where not traces.is_kept and not traces.is_unknown) as backdated_count,
        0 as unrectified_count,
        min(traces.caution) filter (where traces.is_unknown) as caution,
        max(traces.usable_from_date) as usable_from_date,
        max(traces.known_at) as known_at
    from held
    left join traces on held.region_code = traces.region_code and held.as_of_date = traces.as_of_date
    group by held.region_code, held.as_of_date, held.duty_start_date
)

select * from final
