{#
    §2(1) 两不愁三保障及饮水安全: is any of the six guarantees not safe? Raised whatever the income. A status never
    stated, or older than the age allowed, is unknown; one that is not safe outweighs it.
#}
{%- set guarantees = [
    'has_food', 'has_clothing', 'is_education_assured', 'is_medical_assured', 'is_housing_safe', 'is_water_safe'
] %}
{{ config(materialized='view') }}

with households as (
    select * from {{ ref('int_household__monthly') }}
),

judged as (
    select
        *,
        {%- for column in guarantees %}
            case when not {{ column }} then 1 else 0 end{{ ' +' if not loop.last }}
        {%- endfor %} as unsafe_count,
        {{ status_of('not (' ~ guarantees | join(' and ') ~ ')') }} as status
    from households
),

final as (
    select
        household_key,
        village_code,
        as_of_date,
        'R07' as rule_id,
        status,
        cast(case when status <> 'unknown' then unsafe_count end as decimal(18, 6)) as observed_value,
        cast(null as decimal(18, 6)) as threshold_value,
        'guarantees' as unit,
        cast(null as varchar) as threshold_id,
        {{ evidence_of({
            'clause': "'§2(1)'",
            'has_food': 'has_food',
            'has_clothing': 'has_clothing',
            'is_education_assured': 'is_education_assured',
            'is_medical_assured': 'is_medical_assured',
            'is_housing_safe': 'is_housing_safe',
            'is_water_safe': 'is_water_safe',
            'guarantee_date': 'cast(guarantee_date as varchar)',
            'loads': 'source_load_ids'
        }, caution="'guarantee_unknown'") }} as evidence,
        register_usable_from_date as usable_from_date,
        known_at
    from judged
)

select * from final
