{# A household's gross income from a commodity: the declared share of the part of its livelihood (seed commodities). #}
{% macro commodity_income(households, commodities) -%}
    {{ commodities }}.livelihood_share * case {{ commodities }}.livelihood_column
        when 'inc_hog_gross_cny' then {{ households }}.inc_hog_gross_cny
        when 'inc_fruit_gross_cny' then {{ households }}.inc_fruit_gross_cny
        when 'inc_grain_gross_cny' then {{ households }}.inc_grain_gross_cny
    end
{%- endmacro %}
