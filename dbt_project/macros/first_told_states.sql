{#
    The rows of a table of states, list after list, with first_told_date: the end of the first period of which a list
    told this state since the subject was last well, of the lists that were there. A fall after a recovery is a new one.
    subject, state: columns; ill: the states that are a fall.
#}
{% macro first_told_states(relation, subject, state, ill) -%}
select
    * exclude (recovered_date),
    coalesce(min(case when recovered_date is null or period_end_date > recovered_date then period_end_date end) over (
        partition by {{ subject }}, {{ state }}, recovered_date order by usable_from_date
        range between unbounded preceding and current row
    ), period_end_date) as first_told_date
from (
    select
        *,
        max(case when {{ state }} not in ('{{ ill | join("', '") }}') then period_end_date end) over (
            partition by {{ subject }} order by usable_from_date range between unbounded preceding and current row
        ) as recovered_date
    from {{ relation }}
) as told
{%- endmacro %}
