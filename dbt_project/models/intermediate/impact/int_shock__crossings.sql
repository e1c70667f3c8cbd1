-- How many vulnerable households of a township a shock to livelihoods would bring into one of the three types of
-- §2(1) at worst (the high case of int_shock__outcomes), by what was known on each span of days: below the monitoring
-- line, or above it with a fall from the cut of R05 on. Whose income, members, stake or loss nobody knows is counted as
-- possible; without a line in force there is no row.
with readings as (
    select * from {{ ref('int_shock__readings') }}
),

stakes as (
    select * from {{ ref('int_shock__livelihoods_at_stake') }}
),

lined as (
    select
        readings.*, monitoring.value as line_cny,
        greatest(readings.from_date, monitoring.valid_from_date) as lined_from_date,
        least(readings.to_date, monitoring.valid_to_date) as lined_to_date
    from readings
    inner join {{ thresholds_of('monitoring_line') }} as monitoring
        on readings.from_date <= monitoring.valid_to_date and readings.to_date >= monitoring.valid_from_date
),

lost as (
    select
        lined.shock_id, lined.rule_id, lined.township_code, lined.lined_from_date, lined.lined_to_date,
        stakes.household_key, stakes.net_before_cny,
        case when stakes.member_count > 0 then lined.line_cny * stakes.member_count end as needed_cny,
        lined.high_ratio * stakes.at_stake_cny as lost_cny,
        income_fall.value as fall,
        greatest(lined.known_at, stakes.known_at) as known_at
    from lined
    left join stakes
        on
            lined.shock_id = stakes.shock_id
            and lined.township_code = stakes.township_code
            and lined.reading_date is not distinct from stakes.reading_date
    left join {{ thresholds_of('income_fall') }} as income_fall
        on {{ in_force_on('income_fall', 'lined.lined_from_date') }}
),

judged as (
    select
        *,
        case
            when household_key is null then 'nothing_at_stake'
            when net_before_cny < needed_cny then 'already_below'
            when needed_cny is null or net_before_cny is null or lost_cny is null then 'unknown'
            when net_before_cny - lost_cny < needed_cny then 'crosses'
            when fall is null then 'unknown'
            when lost_cny >= fall * net_before_cny then 'hard_hit'
            else 'stays_above'
        end as outcome
    from lost
),

final as (
    select
        shock_id, rule_id, township_code, lined_from_date as from_date, lined_to_date as to_date,
        count(household_key) as at_stake_household_count,
        count(*) filter (where outcome = 'crosses') as crossing_household_count,
        count(*) filter (where outcome = 'hard_hit') as hard_hit_household_count,
        count(*) filter (where outcome = 'unknown') as unknown_household_count,
        max(known_at) as known_at
    from judged
    group by shock_id, rule_id, township_code, lined_from_date, lined_to_date
)

select * from final
