{#
    §3(4) 对符合条件农户及时纳入,应纳尽纳、应帮尽帮: two criteria. Who meets the definition of a type (R03, R04, R05) and
    is not monitored is a suspected omission; who is monitored and has no measure in force once it is due is not helped.
#}
{{ config(materialized='by_month') }}

with households as (
    select household_key, village_code, as_of_date, is_monitored, usable_from_date, known_at
    from {{ ref('int_household__monthly') }}
    where {{ is_judged_month('as_of_date') }}
),

{%- set types = ['r03', 'r04', 'r05'] %}
{%- for rule in types %}

    {{ rule }} as (
        select household_key, as_of_date, status
        from {{ ref('int_household__lead_findings_monthly') }}
        where rule_id = '{{ rule | upper }}' and {{ is_judged_month('as_of_date') }}
    ),
{%- endfor %}

help as (
    select * from {{ ref('int_help__summary_monthly') }}
),

judged as (
    select
        households.*,
        r03.status as r03_status,
        r04.status as r04_status,
        r05.status as r05_status,
        help.measure_count,
        help.is_measure_due,
        help.identified_month,
        help.measures_list_end_date,
        help.measures_load_id,
        help.usable_from_date as help_usable_from_date,
        help.known_at as help_known_at,
        case
            when households.is_monitored then 'included_not_helped'
            when not households.is_monitored then 'suspected_omission'
        end as criterion,
        case
            when households.is_monitored and help.measure_count > 0 then 'clear'
            when households.is_monitored and not help.is_measure_due then 'clear'
            when households.is_monitored and help.is_measure_due and help.measure_count = 0 then 'raised'
            when households.is_monitored or households.is_monitored is null then 'unknown'
            when 'raised' in (r03.status, r04.status, r05.status) then 'raised'
            when r03.status is null and r04.status is null and r05.status is null then 'clear'
            else 'unknown'
        end as status
    from households
    left join help
        on households.household_key = help.household_key and households.as_of_date = help.as_of_date
    {%- for rule in types %}
        left join {{ rule }}
            on households.household_key = {{ rule }}.household_key and households.as_of_date = {{ rule }}.as_of_date
    {%- endfor %}
),

final as (
    select
        household_key,
        village_code,
        as_of_date,
        'R53' as rule_id,
        status,
        cast(case
            when status in ('raised', 'clear') and criterion = 'included_not_helped' then measure_count
        end as decimal(18, 6)) as observed_value,
        cast(null as decimal(18, 6)) as threshold_value,
        'measures' as unit,
        cast(null as varchar) as threshold_id,
        -- most rows end here: put together as text
        case when status = 'clear' and not is_monitored then '{"clause":"§3(4)","criterion":"suspected_omission"}' else
            {{ evidence_of({
            'clause': "'§3(4)'",
            'criterion': 'criterion',
            'r03': 'r03_status',
            'r04': 'r04_status',
            'r05': 'r05_status',
            'measure_count': 'measure_count',
            'identified_month': 'cast(identified_month as varchar)',
            'list_end_date': 'cast(measures_list_end_date as varchar)',
            'load': 'measures_load_id'
        }, caution="case
            when is_monitored is null then 'monitored_list_missing'
            when is_monitored then 'measures_unknown'
            else 'type_unknown'
        end") }} end as evidence,
        greatest(usable_from_date, help_usable_from_date) as usable_from_date,
        greatest(known_at, help_known_at) as known_at
    from judged
)

select * from final
