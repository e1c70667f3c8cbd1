-- Every figure on assistance, summed over what a region holds: monitored households and users of 衔接资金 by type (R56),
-- other lifted-out households by class (R63), money by kind (R68).
with figures as (
    select
        township_code as own_code, as_of_date, 'monitored_' || monitored_type as figure,
        cast(household_count as decimal(38, 2)) as value
    from {{ ref('int_help__bridging_fund_monthly') }}
    union all
    select
        township_code as own_code, as_of_date, 'user_' || monitored_type as figure,
        cast(user_count as decimal(38, 2)) as value
    from {{ ref('int_help__bridging_fund_monthly') }}
    union all
    select
        township_code as own_code, as_of_date, 'class_' || class_code as figure,
        cast(household_count as decimal(38, 2)) as value
    from {{ ref('int_help__lifted_out_classes_monthly') }}
    union all
    select
        township_code as own_code, as_of_date, 'other_lifted_out_persons' as figure,
        cast(person_count as decimal(38, 2)) as value
    from {{ ref('int_help__lifted_out_classes_monthly') }}
    union all
    select region_code as own_code, as_of_date, money_kind as figure, cast(amount_cny as decimal(38, 2)) as value
    from {{ ref('int_help__money_monthly') }}
),

-- A county's own fund is none of its townships': it counts from the county upwards.
final as (
    {%- for level, digits in [('township', 9), ('county', 6), ('prefecture', 4)] %}
        select
            rpad(substring(own_code, 1, {{ digits }}), 12, '0') as region_code,
            '{{ level }}' as region_level,
            as_of_date,
            figure,
            sum(value) as value
        from figures
        {% if level == 'township' %}where own_code not like '%000000'{% endif %}
        {% if level == 'county' %}where own_code not like '%00000000'{% endif %}
        group by rpad(substring(own_code, 1, {{ digits }}), 12, '0'), as_of_date, figure
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from final
