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

{#
    The polls of a feed that a run may see and that prove something: those that brought, or said unchanged, a document
    that landed. A poll that failed, or whose answer was refused, says nothing about what was in force.
#}
{% macro known_polls(feed) -%}
    select
        polls.polled_at,
        polls.known_at,
        loads.load_id
    from {{ source('landing', 'polls') }} as polls
    inner join ({{ known_loads() }}) as loads
        on polls.feed = loads.feed and polls.sha256 = loads.sha256
    cross join (select distinct known_at as run_known_at from {{ source('landing', 'run_clock') }}) as clock
    where
        polls.feed = '{{ feed }}'
        and polls.outcome in ('fetched', 'unchanged')
        and polls.known_at <= clock.run_known_at
{%- endmacro %}
