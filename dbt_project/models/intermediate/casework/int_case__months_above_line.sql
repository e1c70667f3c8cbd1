{#
    §3(3) 收入持续稳定: for how many month-ends in a row, back from the day judged, a monitored household's net income per
    head stood at or above the line, by what was known at each; looked for as far back as the rule asks. A month without
    an income or a line is neither.
#}
with households as (
    select household_key, as_of_date
    from {{ ref('int_household__monthly') }}
    where is_monitored
),

required as (
    select * from {{ thresholds_of('elimination_income_months') }}
),

max_age as (
    select * from {{ thresholds_of('income_max_age') }}
),

line as (
    select * from {{ thresholds_of('monitoring_line') }}
),

judged as (
    select
        months.as_of_date,
        months.month_start_date,
        cast(required.value as integer) as required_month_count,
        required.threshold_id,
        unnest(generate_series(0, cast(required.value as integer) - 1)) as months_back
    from {{ ref('int_household__judged_months') }} as months
    inner join required
        on {{ in_force_on('required', 'months.as_of_date') }}
),

looked_at as (
    select
        *,
        case
            when months_back = 0 then as_of_date
            else last_day(cast(month_start_date - to_months(cast(months_back as integer)) as date))
        end as month_end_date
    from judged
),

monthly as (
    select
        households.household_key,
        looked_at.as_of_date,
        looked_at.months_back,
        looked_at.required_month_count,
        looked_at.threshold_id,
        case
            when {{ months_between('statements.income_to_month', 'looked_at.month_end_date') }} <= max_age.value
                then statements.net_income_cny >= line.value * registered.member_count
        end as is_above
    from households
    inner join looked_at
        on households.as_of_date = looked_at.as_of_date
    left join {{ ref('int_household__income_statements') }} as statements
        on
            households.household_key = statements.household_key
            and looked_at.month_end_date >= statements.valid_from_date
            and looked_at.month_end_date < statements.valid_until_date
    left join {{ ref('int_household__registrations') }} as registered
        on
            households.household_key = registered.household_key
            and looked_at.month_end_date >= registered.valid_from_date
            and looked_at.month_end_date < registered.valid_until_date
    left join max_age
        on {{ in_force_on('max_age', 'looked_at.month_end_date') }}
    left join line
        on {{ in_force_on('line', 'looked_at.month_end_date') }}
),

final as (
    select
        household_key,
        as_of_date,
        required_month_count,
        threshold_id,
        cast(coalesce(
            min(months_back) filter (where not coalesce(is_above, false)), required_month_count
        ) as integer) as months_above_line_count,
        case
            when count(*) filter (where not is_above) > 0 then false
            when count(*) filter (where is_above is null) = 0 then true
        end as is_above_long_enough
    from monthly
    group by household_key, as_of_date, required_month_count, threshold_id
)

select * from final
