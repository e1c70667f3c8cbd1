{# No answer rests on a fact that could not yet be used on the day judged. Fails with the rows that do. #}
{% test no_look_ahead(model) %}
select *
from {{ model }}
where usable_from_date > as_of_date
{% endtest %}
