{#
    The comparisons that several household rules share: true, false, or null where an input or the threshold is missing.
    SQL's own three-valued logic does the rest: `false and null` is false, `true or null` is true, all else is null.
    Ratios are compared by multiplication, so that no engine rounds a household over a line.
#}

{# §2(2), R09: net income per head strictly below the monitoring line. #}
{% macro is_below_line(household, line) -%}
    ({{ household }}.net_income_cny < {{ line }}.value * {{ household }}.member_count)
{%- endmacro %}

{#
    §2(1), R05: self-pay over twelve months from an amount on. This year's payments alone may reach it already, where
    the twelve-month sum is unknown; that they do not reach it says nothing.
#}
{% macro is_self_pay_from(household, amount) -%}
    ({{ household }}.self_pay_12m_cny >= {{ amount }} or {{ household }}.self_pay_to_date_cny >= {{ amount }})
{%- endmacro %}

{# §2(1), R05: the amount differs for lifted-out households. #}
{% macro self_pay_amount(household, lifted_out_amount, other_amount) -%}
    (case when {{ household }}.is_lifted_out then {{ lifted_out_amount }}.value else {{ other_amount }}.value end)
{%- endmacro %}

{# §2(1), R05: self-pay from a share of net income on; who paid nothing has no such burden, whatever the income. #}
{% macro is_self_pay_share_from(household, income_share) -%}
    (
        ({{ household }}.self_pay_12m_cny > 0 or {{ household }}.self_pay_to_date_cny > 0)
        and {{ is_self_pay_from(household, income_share ~ '.value * ' ~ household ~ '.net_income_cny') }}
    )
{%- endmacro %}

{# §2(1), R05: net income fell by a share of the statement a year before; from nothing nothing can fall. #}
{% macro is_income_fallen_by(household, fall) -%}
    (
        {{ household }}.previous_net_income_cny > 0
        and {{ household }}.previous_net_income_cny - {{ household }}.net_income_cny
        >= {{ fall }}.value * {{ household }}.previous_net_income_cny
    )
{%- endmacro %}

{# raised, clear or unknown from true, false or null. #}
{% macro status_of(condition) -%}
    case when {{ condition }} then 'raised' when not {{ condition }} then 'clear' else 'unknown' end
{%- endmacro %}

{# Whether self-pay is a shock is known where nothing was paid, or where it can be held against an income (ADR 0009). #}
{% macro is_self_pay_weighed(household) -%}
    ({{ household }}.self_pay_12m_cny = 0 or {{ household }}.self_pay_12m_cny + {{ household }}.net_income_cny is not null)
{%- endmacro %}

{#
    Whether all have lost their work is known where somebody is at work, whoever else may have lost it, and where the
    employment list names nobody of the household: only a list that could be used says so.
#}
{% macro is_work_told(household) -%}
    (
        {{ household }}.employment_usable_from_date is not null
        and (
            {{ household }}.listed_labour_count is null or {{ household }}.employed_count > 0
            or {{ household }}.lost_work_count is not null
        )
    )
{%- endmacro %}

{#
    §2(1), R03 and R04: at least one open risk. Known not to have one only where the lists that speak of everyone have
    spoken: the guarantees, the self-pay lists, the national list, and the employment list for labour that it covers.
    What is told when it happens, a fire or a restated income, only adds a risk; none told clears no one (ADR 0009).
#}
{% macro has_open_risk(household, risks) -%}
    case
        when {{ risks }}.open_risk_count > 0 then true
        when
            {{ is_self_pay_weighed(household) }} and {{ household }}.is_monitored is not null
            and {{ is_work_told(household) }}
            and {{ household }}.has_food is not null and {{ household }}.has_clothing is not null
            and {{ household }}.is_education_assured is not null and {{ household }}.is_medical_assured is not null
            and {{ household }}.is_housing_safe is not null and {{ household }}.is_water_safe is not null
            then false
    end
{%- endmacro %}

{# §2(1), R05: at least one open risk of the kind that strikes suddenly; guarantees are not of that kind. #}
{% macro has_open_shock(household, risks) -%}
    case
        when {{ risks }}.open_shock_count > 0 then true
        when
            {{ is_self_pay_weighed(household) }} and {{ household }}.is_monitored is not null
            and {{ is_work_told(household) }}
            then false
    end
{%- endmacro %}
