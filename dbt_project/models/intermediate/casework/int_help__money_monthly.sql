{#
    R56, R68, §4(1) and §4(4): money and goods that reached a region in the month before the day judged, kind by kind,
    as far as it could be known on that day. Exploratory by the policy's own word (探索建立): no threshold, so no rule.
#}
with months as (
    select as_of_date, cast(month_start_date - interval 1 month as date) as told_month
    from {{ ref('int_household__judged_months') }}
),

payments as (
    select
        substring(region_code, 1, 9) || '000' as region_code,
        cast(date_trunc('month', paid_date) as date) as told_month,
        row_usable_from_date as usable_from_date,
        case
            when fund_kind = '衔接资金' and household_key is null then 'bridging_project'
            when fund_kind = '衔接资金' and monitored_type = '脱贫不稳定户' then 'bridging_unstable_lifted'
            when fund_kind = '衔接资金' and monitored_type = '边缘易致贫户' then 'bridging_marginal'
            when fund_kind = '衔接资金' and monitored_type = '突发严重困难户' then 'bridging_sudden_hardship'
            when fund_kind = '衔接资金' then 'bridging_other'
            when fund_kind = '县级救助基金' then 'relief_county'
            when fund_kind = '乡级救助基金' then 'relief_township'
            when fund_kind = '防贫保险' then 'insurance'
            when fund_kind = '社会捐赠' then 'donation'
            else 'other_fund'
        end as money_kind,
        amount_cny,
        case when household_key is not null then 1 else 0 end as household_count
    from {{ ref('stg_assistance__fund_payments') }}
),

social as (
    select
        substring(region_code, 1, 9) || '000' as region_code,
        cast(date_trunc('month', helped_date) as date) as told_month,
        row_usable_from_date as usable_from_date,
        case help_kind
            when '消费帮扶' then 'consumption_help'
            when '结对帮扶' then 'pairing'
            when '万企兴万村' then 'enterprises_villages'
            when '捐赠' then 'social_donation'
            when '志愿服务' then 'volunteering'
            else 'other_social'
        end as money_kind,
        amount_cny,
        beneficiary_household_count as household_count
    from {{ ref('stg_assistance__social_help') }}
),

balances as (
    select
        region_code,
        report_month as told_month,
        usable_from_date,
        case fund_kind
            when '县级救助基金' then 'relief_county_balance'
            when '乡级救助基金' then 'relief_township_balance'
            when '防贫保险' then 'insurance_balance'
        end as money_kind,
        closing_balance_cny as amount_cny,
        helped_household_count as household_count
    from {{ ref('stg_assistance__fund_balances') }}
),

every_kind as (
    select * from payments
    union all
    select * from social
    union all
    select * from balances
),

final as (
    select
        every_kind.region_code,
        months.as_of_date,
        every_kind.money_kind,
        sum(every_kind.amount_cny) as amount_cny,
        cast(sum(every_kind.household_count) as bigint) as household_count
    from months
    inner join every_kind
        on months.told_month = every_kind.told_month and months.as_of_date >= every_kind.usable_from_date
    group by every_kind.region_code, months.as_of_date, every_kind.money_kind
)

select * from final
