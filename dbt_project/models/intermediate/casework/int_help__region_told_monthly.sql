{#
    Which lists could tell of a region in a judged month: the national list in force, and the deliveries on money for
    the month before. A region is told of by its own county's delivery or by the prefecture's; what holds several
    townships only where all of them are told of, so that no sum is short without a word.
#}
{%- set tables = ['fund_payments', 'fund_balances', 'social_help'] %}
with townships as (
    select
        township_code, county_code, prefecture_code, as_of_date, period,
        bool_and(is_monitored is not null) as is_monitored_list_told
    from {{ ref('int_household__monthly') }}
    group by township_code, county_code, prefecture_code, as_of_date, period
),

deliveries as (
    select
        months.as_of_date,
        {%- for table_name in tables %}
            bool_or(loads.table_name = '{{ table_name }}') as is_{{ table_name }}_told,
        {%- endfor %}
        loads.scope_region_code
    from {{ ref('int_household__judged_months') }} as months
    inner join {{ ref('stg_landing__newest_loads') }} as loads
        on
            cast(months.month_start_date - interval 1 day as date) = loads.period_end_date
            and months.as_of_date >= loads.usable_from_date
    group by months.as_of_date, loads.scope_region_code
),

told as (
    select
        {%- for table_name in tables %}
            coalesce(own.is_{{ table_name }}_told, false) or coalesce(upper_one.is_{{ table_name }}_told, false)
                as is_{{ table_name }}_told,
        {%- endfor %}
        townships.*
    from townships
    left join deliveries as own
        on townships.as_of_date = own.as_of_date and townships.county_code = own.scope_region_code
    left join deliveries as upper_one
        on townships.as_of_date = upper_one.as_of_date and townships.prefecture_code = upper_one.scope_region_code
),

final as (
    {%- for level in ['township', 'county', 'prefecture'] %}
        select
            {{ level }}_code as region_code,
            '{{ level }}' as region_level,
            as_of_date,
            period,
            {%- for table_name in tables %}
                bool_and(is_{{ table_name }}_told) as is_{{ table_name }}_told,
            {%- endfor %}
            bool_and(is_monitored_list_told) as is_monitored_list_told
        from told
        group by {{ level }}_code, as_of_date, period
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from final
