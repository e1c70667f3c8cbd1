{#
    One end of the Wilson score interval of a share (Wilson 1927): share and n as doubles, z the width in standard
    deviations, sign - or +. A figure to be shown; nothing is compared with it.
#}
{% macro wilson_bound(share, n, z, sign) -%}
    cast(round(
        ({{ share }} + {{ z }} * {{ z }} / (2 * {{ n }}) {{ sign }} {{ z }} * sqrt(
            {{ share }} * (1 - {{ share }}) / {{ n }} + {{ z }} * {{ z }} / (4 * {{ n }} * {{ n }})
        )) / (1 + {{ z }} * {{ z }} / {{ n }}), 6
    ) as decimal(9, 6))
{%- endmacro %}
