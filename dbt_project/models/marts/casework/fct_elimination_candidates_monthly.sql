{#
    Monitored households month by month: who may be proposed for elimination (§3(3)), and in plain words what still stands
    against the others. Unknown is never a yes.
#}
{{ config(tags=['stage_2']) }}

with households as (
    select * from {{ ref('int_household__monthly') }}
    where is_monitored
),

checks as (
    select
        *,
        '人均纯收入连续不低于监测线' || cast(months_above_line_count as varchar) || '个月，不足'
        || cast(required_month_count as varchar) || '个月' as shortfall_zh
    from {{ ref('int_case__elimination_checks') }}
),

risk_labels as (
    select distinct risk_code, name_zh from {{ ref('risk_types') }}
),

risk_names as (
    select
        risks.household_key,
        risks.as_of_date,
        string_agg(distinct risk_labels.name_zh, '、' order by risk_labels.name_zh) as open_risks_zh
    from {{ ref('int_household__open_risks') }} as risks
    inner join checks
        on risks.household_key = checks.household_key and risks.as_of_date = checks.as_of_date
    inner join risk_labels
        on risks.risk_code = risk_labels.risk_code
    where risks.source <> 'national_list'
    group by risks.household_key, risks.as_of_date
),

final as (
    select
        households.household_key,
        households.as_of_date,
        households.period,
        households.village_code,
        households.township_code,
        households.county_code,
        households.prefecture_code,
        households.monitored_type,
        households.identified_month,
        -- null where nothing known stands against it and something is not known
        checks.is_above_long_enough and checks.is_guaranteed and not checks.has_open_risk
        and not checks.is_stability_weak and not checks.is_without_labour
        and checks.is_monitored_long_enough as is_candidate,
        checks.months_above_line_count,
        checks.required_month_count,
        checks.is_monitored_long_enough,
        checks.is_guaranteed,
        checks.has_open_risk,
        checks.is_income_fallen,
        checks.is_self_pay_rising,
        checks.is_without_labour,
        risk_names.open_risks_zh,
        nullif(concat_ws(
            '；',
            case
                when not checks.is_monitored_long_enough
                    then '纳入监测不足' || cast(checks.required_month_count as varchar) || '个月'
                when checks.is_monitored_long_enough is null then '纳入监测时间不明'
            end,
            case
                when not checks.is_above_long_enough then checks.shortfall_zh
                when checks.is_above_long_enough is null then '收入或监测线情况不全'
            end,
            case
                when not checks.is_guaranteed then '两不愁三保障和饮水安全未全部落实'
                when checks.is_guaranteed is null then '两不愁三保障或饮水安全情况不明'
            end,
            case
                when checks.has_open_risk then '仍有风险：' || coalesce(risk_names.open_risks_zh, '其他')
                when checks.has_open_risk is null then '风险情况不全'
            end,
            case when checks.is_income_fallen then '收入不稳定，较上年下降较多' end,
            case when checks.is_self_pay_rising then '自付支出仍在上升' end,
            case when checks.is_stability_weak is null then '收入或支出是否稳定情况不全' end,
            case
                when checks.is_without_labour then '整户无劳动能力，暂不标注风险消除'
                when checks.is_without_labour is null then '家庭成员劳动能力情况不明'
            end
        ), '') as reasons_zh,
        households.usable_from_date,
        households.source_load_ids,
        households.known_at
    from households
    inner join checks
        on households.household_key = checks.household_key and households.as_of_date = checks.as_of_date
    left join risk_names
        on households.household_key = risk_names.household_key and households.as_of_date = risk_names.as_of_date
)

select * from final
