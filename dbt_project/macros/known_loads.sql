{#
    The loads that a run may see, beside `known_rows` for their rows: known at the run's `known_at`, not withheld.
    An empty delivery has no rows but is a load: a list with nobody on it is an answer, a missing list is not.
#}
{% macro known_loads() -%}
    select loads.*
    from {{ source('landing', 'loads') }} as loads
    cross join (select distinct known_at as run_known_at from {{ source('landing', 'run_clock') }}) as clock
    where
        loads.known_at <= clock.run_known_at
        and not loads.is_withheld
{%- endmacro %}
