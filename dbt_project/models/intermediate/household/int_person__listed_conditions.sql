-- What the offices' lists say of a person's health, disability and destitute care, list by list; health as category
-- only. Whoever comes without a number may be found by name and birth.
{{ config(materialized='view') }}
{%- set told = ['person_key', 'household_key', 'name_birth_key', 'birth_month', 'load_id'] %}
with listed as (
    select
        {{ told | join(', ') }}, 'stg_departments__health' as source_model, is_serious_illness as is_seriously_ill,
        illness_class = '慢性病' as is_chronically_ill, false as has_certificate,
        cast(null as integer) as disability_level, false as is_in_care
    from {{ ref('stg_departments__health') }}
    union all
    select
        {{ told | join(', ') }}, 'stg_departments__disabled' as source_model, false as is_seriously_ill,
        false as is_chronically_ill, true as has_certificate,
        cast(disability_level_number as integer) as disability_level, false as is_in_care
    from {{ ref('stg_departments__disabled') }}
    where certificate_status = '有效'
    union all
    select
        {{ told | join(', ') }}, 'stg_departments__civil_affairs' as source_model, false as is_seriously_ill,
        false as is_chronically_ill, false as has_certificate, cast(null as integer) as disability_level,
        true as is_in_care
    from {{ ref('stg_departments__civil_affairs') }}
    where relief_kind = '特困供养' and relief_status <> '停发'
),

unnumbered as (
    select source_model, source_household_key, name_birth_key, person_key
    from {{ ref('int_person__resolved') }}
),

final as (
    select
        listed.* exclude (person_key, source_model),
        coalesce(listed.person_key, unnumbered.person_key) as person_key
    from listed
    left join unnumbered
        on
            listed.person_key is null
            and listed.source_model = unnumbered.source_model
            and listed.name_birth_key = unnumbered.name_birth_key
            and listed.household_key is not distinct from unnumbered.source_household_key
)

select * from final
