{#
    §5(3), R74: of what evaluations and unannounced visits found, and whose time to be rectified is over by the day
    judged, is it put right? By township. A finding without a time is unknown while it stands, one that is called put
    right without a day as well, and so is what the yearly list that was due would have told.
#}
with years as (
    {{ newest_period_due('evaluations', 'year') }}
),

held as (
    select years.*, towns.region_code
    from years
    inner join {{ ref('int_region__bearers_monthly') }} as towns
        on years.as_of_date = towns.as_of_date and towns.region_level = 'township'
),

stated as (
    select
        findings.region_code, years.as_of_date, findings.rectified_date, findings.rectify_due_date,
        findings.rectified_date is null and findings.rectification_status in ('已整改', '已销号') as lacks_its_day,
        findings.row_usable_from_date, findings.known_at,
        row_number() over (
            partition by years.as_of_date, findings.finding_code
            order by findings.state_date desc, findings.known_at desc, findings.load_id desc, findings.row_number desc
        ) as newness
    from {{ ref('stg_reference__evaluations') }} as findings
    inner join years on findings.row_usable_from_date <= years.as_of_date
),

reported as (
    {{ reports_of('evaluations', 'loads.period_end_date >= held.duty_start_date') }}
),

traces as (
    select
        region_code, as_of_date,
        coalesce(rectified_date <= as_of_date, false) as is_kept,
        (rectify_due_date is null or lacks_its_day) and coalesce(rectified_date > as_of_date, true) as is_unknown,
        'rectify_date_missing' as caution, row_usable_from_date as usable_from_date, known_at
    from stated
    where newness = 1 and (rectify_due_date is null or rectify_due_date < as_of_date)
    union all
    select
        held.region_code, held.as_of_date, false as is_kept, true as is_unknown, 'delivery_missing' as caution,
        cast(null as date) as usable_from_date, cast(null as timestamp) as known_at
    from held
    left join reported
        on held.region_code = reported.region_code and held.as_of_date = reported.as_of_date
    where reported.region_code is null
),

final as (
    select
        held.region_code,
        held.as_of_date,
        -- a finding has no period: it stands until it is put right
        cast(null as varchar) as duty_period,
        count(traces.is_kept) as due_count,
        count(*) filter (where traces.is_kept) as kept_count,
        count(*) filter (where traces.is_unknown) as unknown_count,
        0 as backdated_count,
        count(*) filter (where not traces.is_kept and not traces.is_unknown) as unrectified_count,
        min(traces.caution) filter (where traces.is_unknown) as caution,
        max(traces.usable_from_date) as usable_from_date,
        max(traces.known_at) as known_at
    from held
    left join traces on held.region_code = traces.region_code and held.as_of_date = traces.as_of_date
    group by held.region_code, held.as_of_date
)

select * from final
