{#
    §3(4), R55: do the national system and the provincial platform name the same monitored households, of the same type
    and standing? The newest month whose lists were due. A county of which one of the two lists is missing is not
    compared: unknown.
#}
with months as (
    {{ newest_period_due('provincial_platform_export', 'month') }}
),

held as (
    select months.*, counties.region_code
    from months
    inner join {{ ref('int_region__bearers_monthly') }} as counties
        on months.as_of_date = counties.as_of_date and counties.region_level = 'county'
),

compared as (
    select * from {{ ref('int_region__reconciled_monthly') }}
    where measure = 'monitored_households'
),

final as (
    select
        held.region_code,
        held.as_of_date,
        substring(cast(held.duty_start_date as varchar), 1, 7) as duty_period,
        coalesce(compared.subject_count, 1) as due_count,
        coalesce(compared.subject_count - compared.difference_count - compared.mismatch_count, 0) as kept_count,
        case when compared.region_code is null then 1 else 0 end as unknown_count,
        case when compared.region_code is null then 'delivery_missing' end as caution,
        compared.usable_from_date,
        compared.known_at
    from held
    left join compared
        on
            held.region_code = compared.region_code
            and held.duty_end_date = compared.month_end_date
            and held.as_of_date >= compared.usable_from_date
)

select * from final
