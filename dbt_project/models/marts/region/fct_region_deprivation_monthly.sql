{#
    Alkire and Foster's counts for the two assurances, three guarantees and water (R07): the share of households deprived
    in at least so much weight (H), in how much of it on average (A), and both together (M0 = H × A), which adds up over
    regions and guarantees. A household of which a guarantee that counts is unknown is counted apart.
#}
{%- set guarantees = {
    'food': 'has_food', 'clothing': 'has_clothing', 'education': 'is_education_assured',
    'medical': 'is_medical_assured', 'housing': 'is_housing_safe', 'water': 'is_water_safe'
} %}
{%- set counts = [
    'household_count', 'unknown_count', 'known_household_count', 'deprived_household_count', 'deprived_person_count'
] %}
{{ config(tags=['stage_2']) }}

with households as (
    select * from {{ ref('int_household__monthly') }}
),

weighed as (
    -- a guarantee without weight says nothing, known or not
    select
        households.*,
        cutoff.value as cutoff,
        {%- for name, column in guarantees.items() %}
            case when weight_{{ name }}.value = 0 then 0 when {{ column }} then 0
                when not {{ column }} then weight_{{ name }}.value
            end as score_{{ name }},
        {%- endfor %}
        {%- for name in guarantees %}
            weight_{{ name }}.value{{ ' +' if not loop.last }}
        {%- endfor %} as full_score
    from households
    left join {{ thresholds_of('deprivation_cutoff') }} as cutoff
        on {{ in_force_on('cutoff', 'households.as_of_date') }}
    {%- for name in guarantees %}
        left join {{ thresholds_of('deprivation_weight_' ~ name) }} as weight_{{ name }}
            on {{ in_force_on('weight_' ~ name, 'households.as_of_date') }}
    {%- endfor %}
),

scored as (
    select
        *,
        {%- for name in guarantees %}
            score_{{ name }}{{ ' +' if not loop.last }}
        {%- endfor %} as score
    from weighed
),

by_township as (
    select
        township_code, county_code, prefecture_code, as_of_date, period,
        max(full_score) as full_score,
        count(*) as household_count,
        count(*) filter (where score is null or cutoff is null) as unknown_count,
        count(*) filter (where score is not null and cutoff is not null) as known_household_count,
        count(*) filter (where score >= cutoff) as deprived_household_count,
        coalesce(sum(member_count) filter (where score >= cutoff), 0) as deprived_person_count,
        coalesce(sum(score) filter (where score >= cutoff), 0) as score_sum,
        {%- for name in guarantees %}
            count(*) filter (where score >= cutoff and score_{{ name }} > 0) as deprived_of_{{ name }}_count,
        {%- endfor %}
        max(known_at) as known_at
    from scored
    group by township_code, county_code, prefecture_code, as_of_date, period
),

by_region as (
    {%- for level in ['township', 'county', 'prefecture'] %}
        select
            {{ level }}_code as region_code, '{{ level }}' as region_level, as_of_date, period,
            max(full_score) as full_score, sum(score_sum) as score_sum,
            {%- for column in counts %}
                cast(sum({{ column }}) as bigint) as {{ column }},
            {%- endfor %}
            {%- for name in guarantees %}
                cast(sum(deprived_of_{{ name }}_count) as bigint) as deprived_of_{{ name }}_count,
            {%- endfor %}
            max(known_at) as known_at
        from by_township
        group by {{ level }}_code, as_of_date, period
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        * exclude (full_score, score_sum, known_at),
        cast(round(deprived_household_count / nullif(known_household_count, 0), 6) as decimal(9, 6)) as h_ratio,
        cast(round(score_sum / nullif(deprived_household_count * full_score, 0), 6) as decimal(9, 6)) as a_ratio,
        cast(round(score_sum / nullif(known_household_count * full_score, 0), 6) as decimal(9, 6)) as m0_ratio,
        known_at
    from by_region
)

select * from final
