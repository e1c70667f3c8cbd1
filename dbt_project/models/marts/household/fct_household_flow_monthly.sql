{#
    台账, the stock of monitored households and its flow: opening + new + moved in + changed in - eliminated - natural
    loss - left unexplained - moved out - changed out = closing, for every region, month, type and main risk. From the
    national lists as they stand today. A count that needs a list which is missing is unknown, never zero.
#}
{{ config(tags=['stage_2']) }}
{%- set stories = {'after': ['new', 'moved', 'changed'],
    'before': ['eliminated', 'natural_loss', 'left_unexplained', 'moved', 'changed']} %}
with months as (
    select * from {{ ref('int_household__judged_months') }}
),

lists as (
    select *, load_id is not null as has_list from {{ ref('int_household__month_lists') }}
),

entries as (
    {%- for side in ['before', 'after'] %}
        select
            month_start_date, region_level, '{{ side }}' as side, story, is_eliminated_naturally, known_at,
            region_{{ side }} as region_code,
            monitored_type_{{ side }} as monitored_type, risk_code_{{ side }} as risk_code
        from {{ ref('int_household__stories_monthly') }}
        where region_{{ side }} is not null
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

counted as (
    select
        month_start_date, region_code, monitored_type, risk_code,
        count(*) filter (where side = 'before') as opening_count,
        count(*) filter (where side = 'after') as closing_count,
        count(*) filter (where side = 'before' and is_eliminated_naturally) as eliminated_naturally_count,
        {%- for side, told in stories.items() %}
            {%- for story in told %}
                count(*) filter (where side = '{{ side }}' and story = '{{ story }}') as {{ story }}_{{ side }},
            {%- endfor %}
        {%- endfor %}
        max(known_at) as known_at
    from entries
    group by all
),

-- Every cell that was ever filled stands in every month; the digits by which it finds its counties.
cells as (
    select distinct
        region_level, region_code, monitored_type, risk_code,
        substring(region_code, 1, case when region_level = 'prefecture' then 4 else 6 end) as county_digits
    from entries
),

listed as (
    select
        closings.month_start_date, closings.county_code, closings.prefecture_code,
        coalesce(openings.has_list, false) as has_opening_list, closings.has_list as has_closing_list
    from lists as closings
    left join lists as openings
        on
            closings.county_code = openings.county_code
            and closings.month_start_date = openings.month_start_date + interval 1 month
),

known as (
    select
        cells.region_level, cells.region_code, cells.monitored_type, cells.risk_code,
        months.as_of_date, months.period, months.month_start_date,
        bool_and(listed.has_opening_list) as is_opening_known,
        bool_and(listed.has_closing_list) as is_closing_known
    from cells
    cross join months
    inner join listed
        on
            months.month_start_date = listed.month_start_date
            and starts_with(listed.county_code, cells.county_digits)
    group by all
),

final as (
    select
        known.region_code, known.region_level, known.as_of_date, known.period, known.monitored_type, known.risk_code,
        case when is_opening_known then coalesce(opening_count, 0) end as opening_count,
        {%- for name, column in {
            'new_count': 'new_after', 'eliminated_count': 'eliminated_before',
            'eliminated_naturally_count': 'eliminated_naturally_count', 'natural_loss_count': 'natural_loss_before',
            'left_unexplained_count': 'left_unexplained_before', 'moved_in_count': 'moved_after',
            'moved_out_count': 'moved_before', 'changed_in_count': 'changed_after',
            'changed_out_count': 'changed_before'
        }.items() %}
            case when is_opening_known and is_closing_known then coalesce({{ column }}, 0) end as {{ name }},
        {%- endfor %}
        case when is_closing_known then coalesce(closing_count, 0) end as closing_count,
        is_opening_known and is_closing_known as is_known,
        counted.known_at
    from known
    left join counted using (region_code, month_start_date, monitored_type, risk_code)
)

select * from final
