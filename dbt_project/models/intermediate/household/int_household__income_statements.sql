{#
    Every dated income statement of a household, surveyed or updated, the days on which it is the newest, and the
    statement nearest to a year before it. Net income as R06: wage + (business gross - cost) + property + transfer;
    insurance claims stand apart, since they repay a loss. One blank component leaves the sum unknown.
#}
{%- set components = [
    'inc_wage_cny', 'inc_grain_gross_cny', 'inc_fruit_gross_cny', 'inc_hog_gross_cny', 'inc_other_business_gross_cny',
    'business_cost_cny', 'inc_property_cny', 'inc_transfer_cny', 'claims_income_cny'
] %}
with surveyed as (
    select
        household_key, income_to_month, 'surveyed' as income_basis, 0 as basis_rank,
        cast(null as varchar) as change_reason_text, usable_from_date, load_id, row_number, known_at,
        {{ components | join(', ') }}
    from {{ ref('stg_register__households') }}
),

updated as (
    select
        household_key, income_to_month, 'updated' as income_basis, 1 as basis_rank,
        change_reason_text, usable_from_date, load_id, row_number, known_at,
        {{ components | join(', ') }}
    from {{ ref('stg_register__income_changes') }}
),

every_statement as (
    select * from surveyed
    union all
    select * from updated
),

statements as (
    select
        *,
        inc_wage_cny + inc_grain_gross_cny + inc_fruit_gross_cny + inc_hog_gross_cny + inc_other_business_gross_cny
        - business_cost_cny + inc_property_cny + inc_transfer_cny as net_income_cny
    from every_statement
),

-- What the orders below need of a statement: sorting whole rows would cost more than all else.
keyed as (
    select household_key, income_to_month, basis_rank, usable_from_date, load_id, row_number, net_income_cny
    from statements
),

spans as (
    -- the later window is the newer word; within a window an update, then the later arrival
    select
        *,
        coalesce(min(usable_from_date) over (
            partition by household_key
            order by income_to_month, basis_rank, usable_from_date, load_id, row_number
            rows between 1 following and unbounded following
        ), date '9999-12-31') as valid_until_date
    from keyed
),

pairs as (
    select
        newer.load_id, newer.row_number,
        older.net_income_cny as previous_net_income_cny, older.income_to_month as previous_income_to_month,
        row_number() over (
            partition by newer.load_id, newer.row_number
            order by
                abs({{ months_between('older.income_to_month', 'newer.income_to_month') }} - 12),
                older.income_to_month,
                older.basis_rank desc, older.usable_from_date desc, older.load_id, older.row_number
        ) as nearness
    from keyed as newer
    left join {{ thresholds_of('previous_statement_gap_min') }} as nearest_allowed
        on {{ in_force_on('nearest_allowed', 'newer.usable_from_date') }}
    left join {{ thresholds_of('previous_statement_gap_max') }} as farthest_allowed
        on {{ in_force_on('farthest_allowed', 'newer.usable_from_date') }}
    inner join keyed as older
        on
            newer.household_key = older.household_key
            and newer.income_to_month > older.income_to_month
            and newer.usable_from_date >= older.usable_from_date
            and {{ months_between('older.income_to_month', 'newer.income_to_month') }} >= nearest_allowed.value
            and {{ months_between('older.income_to_month', 'newer.income_to_month') }} <= farthest_allowed.value
),

final as (
    select
        statements.* exclude (basis_rank),
        statements.usable_from_date as valid_from_date, spans.valid_until_date,
        pairs.previous_net_income_cny, pairs.previous_income_to_month
    from statements
    inner join spans
        on statements.load_id = spans.load_id and statements.row_number = spans.row_number
    left join pairs
        on
            statements.load_id = pairs.load_id
            and statements.row_number = pairs.row_number
            and pairs.nearness = 1
    where statements.usable_from_date < spans.valid_until_date
)

select * from final
