{#
    Where each exposed household would stand after the shock against the monitoring line of the run's day, in the low,
    central and high case: already below it, crossing it, above it but fallen by the cut of R05, or above. Without an
    income, a line, members or a known loss it is unknown, and stays in the list.
#}
{{ config(materialized='view') }}

{%- set cases = ['low', 'central', 'high'] %}

with stakes as (
    select * from {{ ref('int_shock__stakes') }}
    where is_exposed is distinct from false
),

compared as (
    select
        stakes.*,
        monitoring.value as line_cny,
        income_fall.value as fall,
        {%- for name in cases %}
            stakes.net_before_cny - stakes.lost_{{ name }}_cny as net_{{ name }}_cny,
        {%- endfor %}
        case when stakes.member_count > 0 then cast(monitoring.value * stakes.member_count as decimal(18, 2)) end
            as needed_cny
    from stakes
    left join {{ thresholds_of('monitoring_line') }} as monitoring
        on {{ in_force_on('monitoring', 'stakes.as_of_date') }}
    left join {{ thresholds_of('income_fall') }} as income_fall
        on {{ in_force_on('income_fall', 'stakes.as_of_date') }}
),

judged as (
    select
        *,
        {%- for name in cases %}
            case
                when is_exposed is null or needed_cny is null or net_{{ name }}_cny is null then 'unknown'
                when net_before_cny < needed_cny then 'already_below'
                when net_{{ name }}_cny < needed_cny then 'crosses'
                when fall is null then 'unknown'
                when lost_{{ name }}_cny >= fall * net_before_cny then 'hard_hit'
                else 'stays_above'
            end as outcome_{{ name }},
        {%- endfor %}
        is_exposed is null or net_before_cny is null or coalesce(member_count, 0) < 1 as is_income_unknown
    from compared
),

final as (
    select
        * exclude (fall, needed_cny, is_income_unknown),
        case when is_monitored then monitored_type when is_lifted_out then 'lifted_out' else 'ordinary' end
            as household_type,
        {%- for name in cases %}
            case
                when outcome_{{ name }} = 'crosses' then needed_cny - net_{{ name }}_cny
                when outcome_{{ name }} <> 'unknown' then 0
            end as back_to_line_{{ name }}_cny,
        {%- endfor %}
        -- The type of §2(1) that the central case would make of it.
        case
            when outcome_central = 'crosses' and is_lifted_out then 'unstable_lifted'
            when outcome_central = 'crosses' then 'marginal'
            when outcome_central = 'hard_hit' then 'sudden_hardship'
        end as would_be_type,
        case
            when is_income_unknown then 'income_unknown'
            when line_cny is null then 'no_monitoring_line'
            when outcome_central = 'unknown' then 'loss_unknown'
        end as caution
    from judged
)

select * from final
