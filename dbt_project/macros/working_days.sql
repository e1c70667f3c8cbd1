{#
    Clocks in working days. Join the calendar to both ends, to the left, because a day of a year whose calendar is not
    known must come out as unknown:

        left join {{ ref('calendar_days') }} as received on cases.received_date = received.calendar_date
        left join {{ ref('calendar_days') }} as accepted on cases.accepted_date = accepted.calendar_date
        ... {{ working_days_after('received', 'accepted') }} as acceptance_working_days

    The day on which the clock starts does not count, the day on which it stops does (ADR 0013, A2).
#}
{% macro working_days_after(start, stop) -%}
    ({{ stop }}.working_day_number - {{ start }}.working_day_number)
{%- endmacro %}
