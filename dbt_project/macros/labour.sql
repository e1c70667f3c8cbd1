{#
    §3(3), §4(1), A5: a household is without labour when nobody in it can work; one member with labour, even weak, and
    it has labour. Whether somebody can whose skill nobody told is unknown, and so is a household without members told.
#}
{% macro has_no_labour(household) -%}
    case
        when {{ household }}.able_count + {{ household }}.weak_count > 0 then false
        when {{ household }}.unknown_labour_count > 0 or {{ household }}.present_count = 0 then null
        when {{ household }}.able_count + {{ household }}.weak_count = 0 then true
    end
{%- endmacro %}

{# capable: somebody has full or skilled labour; partial: weak labour only; none; unknown. #}
{% macro labour_status(household) -%}
    case
        when {{ household }}.able_count > 0 then 'capable'
        when {{ household }}.unknown_labour_count > 0 or {{ household }}.present_count = 0 then 'unknown'
        when {{ household }}.weak_count > 0 then 'partial'
        when {{ household }}.weak_count = 0 then 'none'
        else 'unknown'
    end
{%- endmacro %}
