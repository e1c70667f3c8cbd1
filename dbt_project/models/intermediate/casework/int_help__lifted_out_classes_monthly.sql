{#
    §4(2) 对脱贫不稳定户以外的脱贫人口进行分类管理: the other lifted-out households by class, for whom the policy leans
    moderately (适度倾斜) and asks for no single measure. Counts only: there is nothing here that could be in breach.
    Of several classes the gravest: an open risk, income below the line, nobody with labour, income not known, steady.
#}
with households as (
    select * from {{ ref('int_household__monthly') }}
    where is_lifted_out and not is_monitored
),

classed as (
    select
        households.township_code,
        households.as_of_date,
        households.member_count,
        case
            when risks.open_risk_count > 0 then 'risk_open'
            when {{ is_below_line('households', 'income_line') }} then 'below_line'
            when households.labour_count = 0 then 'no_labour'
            when {{ is_below_line('households', 'income_line') }} is null then 'not_known'
            else 'steady'
        end as class_code
    from households
    left join {{ ref('int_household__risks_monthly') }} as risks
        on households.household_key = risks.household_key and households.as_of_date = risks.as_of_date
    left join {{ thresholds_of('monitoring_line') }} as income_line
        on {{ in_force_on('income_line', 'households.as_of_date') }}
),

final as (
    select
        township_code,
        as_of_date,
        class_code,
        cast(count(*) as bigint) as household_count,
        cast(sum(member_count) as bigint) as person_count
    from classed
    group by township_code, as_of_date, class_code
)

select * from final
