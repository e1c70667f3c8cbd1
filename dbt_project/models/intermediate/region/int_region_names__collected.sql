{#
    Every wording of a region that any feed carries, with the scope of its load: the one list to extend. The model has
    scope_region_code and period_end_date too.
#}
{% set tellers = [
    {'model': 'stg_clues__duty_reports', 'text': 'region_text'},
    {'model': 'stg_clues__media_clues', 'text': 'region_text'},
    {'model': 'stg_clues__petitions_hotline', 'text': 'region_text'},
    {'model': 'stg_departments__police_events', 'text': 'target_region_text'},
    {'model': 'stg_hazards__public_emergencies', 'text': 'region_text'}
] %}
with told as (
    {%- for teller in tellers %}
        select
            {{ teller.text }} as region_text,
            scope_region_code,
            period_end_date
        from {{ ref(teller.model) }}
        where {{ teller.text }} is not null
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

final as (
    select
        region_text,
        scope_region_code,
        min(period_end_date) as first_told_date,
        max(period_end_date) as last_told_date
    from told
    group by region_text, scope_region_code
)

select * from final
