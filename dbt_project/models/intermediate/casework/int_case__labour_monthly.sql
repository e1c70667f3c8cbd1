{#
    §3(3) 无劳动能力: whether anyone in a household of the national list can work, by the person register that speaks on
    the day judged, and whether the register has closed the household. The whole household counts (A5).
#}
with closed as (
    select household_key, min(row_usable_from_date) as closed_from_date
    from {{ ref('stg_register__household_changes') }}
    where change_kind = '销户'
    group by household_key
),

final as (
    select
        households.household_key,
        households.as_of_date,
        households.able_count + households.weak_count as able_member_count,
        households.present_count - households.able_count - households.weak_count - households.unknown_labour_count
            as unable_member_count,
        households.member_count,
        {{ has_no_labour('households') }} as is_without_labour,
        coalesce(closed.closed_from_date <= households.as_of_date, false) as is_deregistered
    from {{ ref('int_household__monthly') }} as households
    inner join {{ ref('int_household__monitored_monthly') }} as listed
        on households.household_key = listed.household_key and households.as_of_date = listed.as_of_date
    left join closed
        on households.household_key = closed.household_key
)

select * from final
