-- Since when and until when the lists that cases rest on speak for each county, by what a run may use.
with clock as (
    select max(as_of_date) as run_date from {{ source('landing', 'run_clock') }}
),

loads as (
    select newest.*
    from {{ ref('stg_landing__newest_loads') }} as newest
    inner join clock
        on newest.usable_from_date <= clock.run_date
    where
        newest.table_name in ('procedure_events', 'self_reports', 'comparison_results', 'national_monitored_export')
),

counties as (
    select distinct county_code, prefecture_code
    from {{ ref('int_household__registrations') }}
),

final as (
    select
        counties.county_code,
        {%- for prefix, table_name in [
            ('procedures', 'procedure_events'),
            ('applications', 'self_reports'),
            ('comparisons', 'comparison_results'),
            ('national', 'national_monitored_export')
        ] %}
            min(loads.period_end_date) filter (where table_name = '{{ table_name }}') as {{ prefix }}_known_from_date,
            max(loads.period_end_date) filter (where table_name = '{{ table_name }}') as {{ prefix }}_known_until_date,
        {%- endfor %}
        count(loads.load_id) as load_count
    from counties
    left join loads
        on loads.scope_region_code in (counties.county_code, counties.prefecture_code)
    group by counties.county_code
)

select * from final
