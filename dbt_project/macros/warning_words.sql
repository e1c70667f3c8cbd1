{#
    Colours of warnings as they are written: in Chinese, in English, or as the severity that CAP gives instead.
    Anything else is null: it is counted, not guessed.
#}
{% macro warning_colour(colour_text, severity) -%}
    case
        when lower(trim({{ colour_text }})) in ('红色', '红', 'red') then 'red'
        when lower(trim({{ colour_text }})) in ('橙色', '橙', 'orange') then 'orange'
        when lower(trim({{ colour_text }})) in ('黄色', '黄', 'yellow') then 'yellow'
        when lower(trim({{ colour_text }})) in ('蓝色', '蓝', 'blue') then 'blue'
        when coalesce(trim({{ colour_text }}), '') <> '' then null
        else case lower(trim({{ severity }}))
            when 'extreme' then 'red' when 'severe' then 'orange' when 'moderate' then 'yellow' when 'minor' then 'blue'
        end
    end
{%- endmacro %}

{# The wording of a hazard type without the colour and the word for warning that some senders add to it. #}
{% macro hazard_wording(event_text) -%}
    regexp_replace(lower(trim({{ event_text }})), '(红色|橙色|黄色|蓝色)?(预警)?(信号)?$', '')
{%- endmacro %}
