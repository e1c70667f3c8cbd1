{#
    A planning figure, never a finding: the window of each household's statement as it would come out a year later if what
    the offices' newest lists and markets show today went on. Months listed since count as listed; the months to come as
    int_planning__flows_expected lets expect; produce at today's price against a year before, at the stated cost; the rest
    as stated. Unknown where anything that it needs is missing. For the run's newest month; no rule may read it.
#}
{%- set produce = ['grain', 'fruit', 'hog'] %}
with today as (
    select max(as_of_date) as as_of_date from {{ ref('int_household__judged_months') }}
),

lists as (
    select
        as_of_date, county_code, income_to_month,
        bool_or(is_complete) filter (where table_name = 'hrss_employment') as is_employment_complete,
        bool_or(is_complete) filter (where table_name = 'civil_affairs') as is_relief_complete
    from {{ ref('int_planning__list_windows') }}
    group by as_of_date, county_code, income_to_month
),

prices as (
    select
        township_code,
        max(price_factor) filter (where livelihood_column = 'inc_grain_gross_cny') as grain_factor,
        max(price_factor) filter (where livelihood_column = 'inc_fruit_gross_cny') as fruit_factor,
        max(price_factor) filter (where livelihood_column = 'inc_hog_gross_cny') as hog_factor
    from {{ ref('int_planning__price_changes') }}
    group by township_code
),

parts as (
    select
        households.household_key, households.as_of_date, households.member_count, households.net_income_cny,
        households.income_to_month,
        households.inc_wage_cny + coalesce(flows.flow_wage_cny, 0)
        - case when expected.household_key is null then 0 else expected.missed_wage_cny end as wage_cny,
        households.inc_transfer_cny + coalesce(flows.flow_transfer_cny, 0)
        + coalesce(expected.relief_change_cny, 0) as transfer_cny,
        {%- for part in produce %}
            -- a restated income knows its prices already
            case when households.inc_{{ part }}_gross_cny = 0 or households.income_basis = 'updated'
                    then households.inc_{{ part }}_gross_cny
                else households.inc_{{ part }}_gross_cny * prices.{{ part }}_factor
            end as {{ part }}_cny,
        {%- endfor %}
        households.inc_other_business_gross_cny - households.business_cost_cny + households.inc_property_cny
            as rest_cny,
        coalesce(lists.is_relief_complete, false) as is_relief_complete,
        -- the employment list names the people of vulnerable households alone
        coalesce(lists.is_employment_complete or not households.is_vulnerable, false) as is_employment_complete
    from {{ ref('int_household__monthly') }} as households
    inner join today on households.as_of_date = today.as_of_date
    left join lists
        on
            households.as_of_date = lists.as_of_date and households.county_code = lists.county_code
            and households.income_to_month = lists.income_to_month
    left join prices on households.township_code = prices.township_code
    left join {{ ref('int_household__income_flows_monthly') }} as flows
        on households.household_key = flows.household_key and households.as_of_date = flows.as_of_date
    left join {{ ref('int_planning__flows_expected') }} as expected
        on households.household_key = expected.household_key
),

summed as (
    select
        *,
        case
            when net_income_cny is not null and is_relief_complete and is_employment_complete
                then
                    case when wage_cny < 0 then 0 else wage_cny end
                    + case when transfer_cny < 0 then 0 else transfer_cny end
                    + grain_cny + fruit_cny + hog_cny + rest_cny
        end as income_cny
    from parts
),

final as (
    select
        household_key,
        as_of_date,
        cast(round(income_cny, 2) as decimal(18, 2)) as projected_net_income_cny,
        cast(round(income_cny / member_count, 2) as decimal(18, 2)) as projected_pc_net_income_cny,
        case when income_cny is not null then cast(income_to_month + interval 12 month as date) end
            as projected_to_month,
        case when income_cny is null then 'unknown' else 'projected' end as projected_income_basis,
        case
            when income_cny is not null then null
            when net_income_cny is null then 'income_unknown'
            when not (is_relief_complete and is_employment_complete) then 'projection_list_missing'
            when wage_cny is null then 'wage_not_told'
            else 'price_unknown'
        end as caution
    from summed
)

select * from final
