{#
    Every wording of a region that any feed carries, with the scope of its load: the one list to extend, by entries such
    as {'model': 'stg_duty__reports', 'text': 'region_text'}. The model has scope_region_code and period_end_date too.
#}
{% set tellers = [] %}
with told as (
    {%- for teller in tellers %}
        select
            {{ teller.text }} as region_text,
            scope_region_code,
            period_end_date
        from {{ ref(teller.model) }}
        where {{ teller.text }} is not null
        union all
    {%- endfor %}
    -- The shape of a row; there is none of it.
    select
        cast(null as varchar) as region_text,
        cast(null as varchar) as scope_region_code,
        cast(null as date) as period_end_date
    from {{ source('landing', 'run_clock') }}
    where 1 = 0
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
