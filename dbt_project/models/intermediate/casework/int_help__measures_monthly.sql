{#
    The measures of each monitored household and its members as the list in force in a judged month tells them, by
    class, and which of them are carried out: a plan is no measure, nor is one that has ended.
#}
with households as (
    select * from {{ ref('int_help__households_monthly') }}
),

classes as (
    select * from {{ ref('measure_classes') }}
),

final as (
    select
        households.household_key,
        households.as_of_date,
        measures.measure_code,
        measures.person_key,
        coalesce(classes.class_code, 'not_named') as class_code,
        coalesce(classes.group_code, 'not_named') as group_code,
        coalesce(classes.is_development, false) as is_development,
        coalesce(classes.is_safety_net, false) as is_safety_net,
        coalesce(classes.is_motivation, false)
        or coalesce(contains(measures.measure_name, classes.training_word), false) as is_motivation,
        measures.plan_number,
        measures.planned_date,
        measures.start_date,
        measures.end_date,
        case measures.measure_status
            when '尚未实施' then 'not_begun'
            when '实施中' then 'carried_out'
            when '已完成' then 'completed'
            when '已终止' then 'broken_off'
        end as measure_status,
        measures.measure_status = '实施中'
        and coalesce(measures.start_date <= households.measures_list_end_date, true)
        and coalesce(measures.end_date > households.measures_list_end_date, true) as is_in_force,
        measures.amount_cny,
        measures.fund_source = '衔接资金' as is_from_bridging_fund
    from households
    inner join {{ ref('stg_assistance__measures') }} as measures
        on households.household_key = measures.household_key and households.measures_load_id = measures.load_id
    left join classes
        on measures.measure_class = classes.measure_class
)

select * from final
