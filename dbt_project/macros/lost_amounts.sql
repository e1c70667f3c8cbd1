{# Of a household's wages all under a hazard, else those of lost work. #}
{% macro wages_at_stake(earlier, present) -%}
case
            when {{ present }}.kind = 'hazard' then {{ earlier }}.inc_wage_cny
            else {{ wages_of_lost_work(earlier, present) }}
        end
{%- endmacro %}

{# The part of a household's wages that its members who lost work earned, among those at work or newly without. #}
{% macro wages_of_lost_work(earlier, present) -%}
case
            when
                {{ present }}.lost_work_count = 0 or {{ present }}.labour_count = 0 or {{ earlier }}.inc_wage_cny = 0
                then 0
            else
                cast(round(
                    {{ earlier }}.inc_wage_cny * {{ present }}.lost_work_count
                    / ({{ present }}.employed_count + {{ present }}.lost_work_count), 2
                ) as decimal(18, 2))
        end
{%- endmacro %}

{# int_shock__effects with the parts of income side by side: <part>_touched, <part>_low and so on, one row a township. #}
{% macro effects_side_by_side(components, cases) -%}
    select
        shock_id,
        township_code
        {%- for component in components %}
            {%- for name in ['touched'] + cases %},
        max(case when component = '{{ component }}' then {{ name }}_ratio end) as {{ component }}_{{ name }}
            {%- endfor %}
        {%- endfor %}
    from {{ ref('int_shock__effects') }}
    group by shock_id, township_code
{%- endmacro %}

{#
    The second half of int_shock__stakes: per household what a shock can touch and what it takes, summed over the parts
    of income. A part that the shock does not touch, or of which the household has nothing, adds nothing, whatever else
    is not known. Claims are set against the loss, never beyond it. Exposed: at least touched_share of net income can be
    touched (compared by multiplication; with no net income left, anything is a share above it), or a weak dwelling.
#}
{% macro lost_amounts(relation, components, cases) %}
summed as (
    select
        *,
        {%- for name in ['touched'] + cases %}
            cast(round(
                {%- for component in components %}
                    {{ '+ ' if not loop.first }}case
                        when {{ component }}_touched > 0 and coalesce({{ component }}_cny <> 0, true)
                            then {{ component }}_{{ name }} * {{ component }}_cny
                        else 0
                    end
                {%- endfor %}, 2
            ) as decimal(18, 2)) as {{ name }}_cny{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
),

final as (
    select
        shock_id, household_key, as_of_date, village_code, township_code, county_code, prefecture_code,
        is_lifted_out, is_monitored, monitored_type, is_vulnerable, member_count, income_to_month,
        net_before_cny, touched_cny, claims_cny,
        {%- for name in cases %}
            case when {{ name }}_cny < claims_cny then 0 else {{ name }}_cny - claims_cny end as lost_{{ name }}_cny,
        {%- endfor %}
        case
            when is_dwelling_weak then true
            when touched_cny = 0 then false
            else touched_cny >= touched_share * net_before_cny
        end as is_exposed,
        case when is_dwelling_weak then 'dwelling' else 'income' end as exposure_basis,
        usable_from_date,
        known_at
    from summed
)
{%- endmacro %}
