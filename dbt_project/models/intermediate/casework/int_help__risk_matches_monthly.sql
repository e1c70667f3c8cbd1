-- R57: each open risk of a monitored household and the classes of measure in force that answer it.
with households as (
    select * from {{ ref('int_help__households_monthly') }}
),

open_risks as (
    select distinct household_key, as_of_date, risk_code
    from {{ ref('int_household__open_risks') }}
),

in_force as (
    select distinct household_key, as_of_date, class_code
    from {{ ref('int_help__measures_monthly') }}
    where is_in_force
),

final as (
    select
        households.household_key,
        households.as_of_date,
        open_risks.risk_code,
        case when households.measures_load_id is not null then count(in_force.class_code) > 0 end as is_matched,
        string_agg(in_force.class_code, ',' order by in_force.class_code) as class_codes
    from households
    inner join open_risks
        on households.household_key = open_risks.household_key and households.as_of_date = open_risks.as_of_date
    left join {{ ref('risk_measures') }} as answers
        on open_risks.risk_code = answers.risk_code
    left join in_force
        on
            households.household_key = in_force.household_key
            and households.as_of_date = in_force.as_of_date
            and answers.class_code = in_force.class_code
    group by households.household_key, households.as_of_date, households.measures_load_id, open_risks.risk_code
)

select * from final
