{#
    §2(1), R08: the eight key groups, four of persons and four of households, each true, false, or null where the list
    that would say so is missing or too old; and who can work. A key group calls for visits; it is no monitored type.
#}
{{ config(materialized='by_month') }}
{%- set groups = {
    'major_illness': 'has_major_illness', 'chronic_burden': 'has_chronic_burden',
    'severe_disability': 'has_severe_disability', 'disabled_destitute_elder': 'has_disabled_destitute_elder',
    'unstable_employment': 'is_unstable_employment', 'failed_industry': 'is_failed_industry',
    'post_disaster_rebuild': 'is_post_disaster_rebuild', 'no_labour': 'has_no_labour'
} %}
with households as (
    select * from {{ ref('int_household__monthly') }}
    where {{ is_judged_month('as_of_date') }}
),

persons as (
    select
        household_key, as_of_date, {{ known_any('is_seriously_ill') }} as is_ill,
        {{ known_any('is_chronically_ill') }} as is_chronic, {{ known_any('is_severely_disabled') }} as is_disabled,
        {{ known_any('is_disabled_destitute_elder') }} as is_elder
    from {{ ref('int_person__key_groups_monthly') }}
    where {{ is_judged_month('as_of_date') }}
    group by household_key, as_of_date
),

setbacks as (
    select
        household_key, as_of_date, bool_or(setback = 'failed_industry') as is_failed,
        bool_or(setback = 'post_disaster_rebuild') as is_rebuilding
    from {{ ref('int_household__setbacks_monthly') }}
    where {{ is_judged_month('as_of_date') }}
    group by household_key, as_of_date
),

risks as (
    select household_key, as_of_date, bool_or(risk_code = '06') as is_industry, bool_or(risk_code = '07') as is_work
    from {{ ref('int_household__open_risks') }}
    where {{ is_judged_month('as_of_date') }}
    group by household_key, as_of_date
),

lists as (
    -- not to be on a list is an answer only where the list is there
    select
        county_code, as_of_date,
        {%- for office in ['health', 'disabled', 'civil_affairs', 'housing', 'benefit_links'] %}
            case when bool_or(table_name = '{{ office }}') then false end as not_on_{{ office }},
        {%- endfor %}
        count(*) as list_count
    from {{ ref('int_household__key_group_lists') }}
    where is_recent
    group by county_code, as_of_date
),

judged as (
    select
        households.household_key, households.as_of_date, households.village_code,
        case when persons.is_ill then true else lists.not_on_health end as has_major_illness,
        case when persons.is_chronic then true else lists.not_on_health end
        and {{ is_self_pay_share_from('households', 'burden') }} as has_chronic_burden,
        case when persons.is_disabled then true
            when persons.household_key is null or not persons.is_disabled then lists.not_on_disabled
        end as has_severe_disability,
        case when persons.is_elder then true
            when persons.household_key is null or not persons.is_elder then lists.not_on_civil_affairs
        end as has_disabled_destitute_elder,
        case
            when risks.is_work or households.lost_work_count > 0 then true
            when {{ has_no_labour('households') }} then false
            when households.is_monitored is not null and households.lost_work_count = 0 then false
        end as is_unstable_employment,
        case
            when risks.is_industry or setbacks.is_failed then true
            when households.is_monitored is not null then lists.not_on_benefit_links
        end as is_failed_industry,
        case when setbacks.is_rebuilding then true else lists.not_on_housing end as is_post_disaster_rebuild,
        {{ has_no_labour('households') }} as has_no_labour, {{ labour_status('households') }} as labour_status
    from households
    left join persons using (household_key, as_of_date)
    left join setbacks using (household_key, as_of_date)
    left join risks using (household_key, as_of_date)
    left join lists using (county_code, as_of_date)
    left join {{ thresholds_of('chronic_burden_share') }} as burden
        on {{ in_force_on('burden', 'households.as_of_date') }}
),

final as (
    select
        judged.*, {{ groups.values() | join('\n        or ') }} as is_in_key_group,
        nullif(concat_ws(
            ',',
            {%- for group, column in groups.items() %}
                case when {{ column }} then '{{ group }}' end{{ ',' if not loop.last }}
            {%- endfor %}
        ), '') as key_groups
    from judged
)

select * from final
