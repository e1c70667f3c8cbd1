{# Net income of the newest statement, brought forward by the dated flows after it; null where there is no statement. #}
{% macro current_income(household, flows) -%}
    ({{ household }}.net_income_cny + coalesce({{ flows }}.flow_wage_cny, 0) + coalesce({{ flows }}.flow_transfer_cny, 0))
{%- endmacro %}
