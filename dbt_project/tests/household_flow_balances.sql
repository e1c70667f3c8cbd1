-- 台账 balances in every cell that is known, an opening is the closing of the month before, and what moves or changes
-- inside a region of the level above leaves it whole. Gives the cells that do not.
with flow as (
    select * from {{ ref('fct_household_flow_monthly') }}
),

unbalanced as (
    select 'does not balance' as reason, region_code, as_of_date, monitored_type, risk_code
    from flow
    where
        is_known and closing_count is distinct from opening_count + new_count + moved_in_count + changed_in_count
        - eliminated_count - natural_loss_count - left_unexplained_count - moved_out_count - changed_out_count
),

broken as (
    select
        'opening is not the closing before' as reason,
        newer.region_code, newer.as_of_date, newer.monitored_type, newer.risk_code
    from flow as newer
    inner join flow as older
        on
            newer.region_code = older.region_code and newer.monitored_type = older.monitored_type
            and newer.risk_code = older.risk_code
            and date_trunc('month', newer.as_of_date) = date_trunc('month', older.as_of_date) + interval 1 month
    where newer.opening_count is distinct from older.closing_count
),

by_month as (
    select
        region_level, as_of_date,
        sum(opening_count) as opening_count, sum(closing_count) as closing_count,
        sum(changed_in_count) - sum(changed_out_count) as changed_balance
    from flow
    where is_known
    group by region_level, as_of_date
),

leaking as (
    select
        'levels or changes do not add up' as reason, 'all' as region_code, as_of_date,
        'all' as monitored_type, 'all' as risk_code
    from by_month
    group by as_of_date
    having
        max(abs(changed_balance)) > 0
        or (
            count(*) filter (where region_level = 'prefecture') > 0
            and (min(opening_count) <> max(opening_count) or min(closing_count) <> max(closing_count))
        )
)

select * from unbalanced
union all
select * from broken
union all
select * from leaking
