{#
    The answers of the county staff's own checks: each check once for every household of the national list in force in
    a judged month. Evidence is figures and months only.
#}
{{ config(materialized='view') }}
with households as (
    select * from {{ ref('int_quality__households_monthly') }}
),

answered as (
    {%- for check_id, check in quality_checks().items() %}
        select
            household_key, village_code, as_of_date, list_month, identified_month, eliminated_month,
            '{{ check_id }}' as check_id,
            case
                when not coalesce({{ check.applies | default('true') }}, false) then 'not_applicable'
                else {{ status_of('(' ~ check.is_fault ~ ')') }}
            end as status,
            cast({{ check.shown }} as decimal(18, 6)) as observed_value,
            cast({{ check.limit | default('null') }} as decimal(18, 6)) as threshold_value,
            usable_from_date, known_at
        from households
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        household_key,
        village_code,
        as_of_date,
        check_id,
        status,
        case when status in ('raised', 'clear') then observed_value end as observed_value,
        threshold_value,
        cast(json_object(
            'list_month', cast(list_month as varchar),
            'identified_month', cast(identified_month as varchar),
            'eliminated_month', cast(eliminated_month as varchar),
            'observed', observed_value,
            'limit', threshold_value
        ) as varchar) as evidence,
        usable_from_date,
        known_at
    from answered
)

select * from final
