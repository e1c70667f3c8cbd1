-- The department lists that speak for a county's households in a judged month, side by side.
with lists as (
    select * from {{ ref('int_household__lists_in_force') }}
),

self_pay_windows as (
    select
        as_of_date,
        county_code,
        max(list_month) filter (where is_newest) as self_pay_list_month,
        bool_and(is_complete) as is_self_pay_complete
    from {{ ref('int_household__self_pay_windows') }}
    group by as_of_date, county_code
),

side_by_side as (
    select
        as_of_date,
        county_code,
        {%- for prefix, table_name in [
            ('national', 'national_monitored_export'),
            ('self_pay', 'medical_insurance'),
            ('employment', 'hrss_employment')
        ] %}
            max(load_id) filter (where table_name = '{{ table_name }}') as {{ prefix }}_load_id,
            max(usable_from_date) filter (where table_name = '{{ table_name }}') as {{ prefix }}_usable_from_date,
        {%- endfor %}
        max(usable_from_date) as usable_from_date,
        max(known_at) as known_at,
        string_agg(load_id, ',' order by load_id) as load_ids
    from lists
    group by as_of_date, county_code
),

final as (
    select
        side_by_side.*,
        self_pay_windows.self_pay_list_month,
        coalesce(self_pay_windows.is_self_pay_complete, false) as is_self_pay_complete
    from side_by_side
    left join self_pay_windows
        on
            side_by_side.as_of_date = self_pay_windows.as_of_date
            and side_by_side.county_code = self_pay_windows.county_code
)

select * from final
