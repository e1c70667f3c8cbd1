-- The terms of each monitored household's helpers as the list in force in a judged month tells them. A helper's last
-- day is a day of help.
with households as (
    select * from {{ ref('int_help__households_monthly') }}
),

helpers as (
    select * from {{ ref('stg_assistance__helpers') }}
),

final as (
    select
        households.household_key,
        households.as_of_date,
        helpers.helper_person_key,
        case helpers.helper_kind when '帮扶联系人' then 'contact' else 'responsible' end as helper_kind,
        helpers.arranged_level = '县级' as is_arranged_by_county,
        helpers.from_date,
        helpers.to_date,
        coalesce(helpers.to_date, date '9999-12-30') as last_date,
        case helpers.end_reason
            when '工作调动' then 'transfer'
            when '退休' then 'retirement'
            when '患病' then 'illness'
            when '去世' then 'death'
            when '风险消除' then 'risk_eliminated'
            when '其他' then 'other'
        end as end_reason,
        households.monitored_from_date,
        households.helpers_told_from_date,
        households.helpers_list_end_date
    from households
    inner join helpers
        on households.household_key = helpers.household_key and households.helpers_load_id = helpers.load_id
    where helpers.from_date <= households.helpers_list_end_date
)

select * from final
