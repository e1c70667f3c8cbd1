{#
    §3(3), §4(2), A5: a household is without labour when nobody in it can work; one member with labour, even weak, and
    it has labour. Whether somebody can whose skill nobody told is unknown: a blank, a declared member whom the register
    of persons does not name, a household without members told.
    household: a row of int_household__monthly, which counts those who are present.
#}
{% macro is_labour_untold(household) -%}
    (
        {{ household }}.unknown_labour_count > 0 or {{ household }}.present_count = 0
        or {{ household }}.listed_member_count < {{ household }}.member_count
    )
{%- endmacro %}

{% macro has_no_labour(household) -%}
    case
        when {{ household }}.able_count + {{ household }}.weak_count > 0 then false
        when {{ is_labour_untold(household) }} then null
        when {{ household }}.able_count + {{ household }}.weak_count = 0 then true
    end
{%- endmacro %}

{# True, false or null: somebody has full or skilled labour, weak labour does not count. #}
{% macro has_full_labour(household) -%}
    case
        when {{ household }}.able_count > 0 then true
        when {{ is_labour_untold(household) }} then null
        when {{ household }}.able_count = 0 then false
    end
{%- endmacro %}

{# capable: somebody has full or skilled labour; partial: weak labour only; none; unknown. #}
{% macro labour_status(household) -%}
    case
        when {{ household }}.able_count > 0 then 'capable'
        when {{ is_labour_untold(household) }} then 'unknown'
        when {{ household }}.weak_count > 0 then 'partial'
        when {{ household }}.weak_count = 0 then 'none'
        else 'unknown'
    end
{%- endmacro %}
