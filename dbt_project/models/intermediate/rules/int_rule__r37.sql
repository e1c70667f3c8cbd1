{#
    §3(2): was every comparison of the household's assets authorised before it was asked for? One that was not is a
    breach, and its answers are not to be used (int_case__usable_comparisons); no region's release waits for it.
#}
{{ config(materialized='view') }}

with cases as (
    select * from {{ ref('int_case__progress') }}
),

comparisons as (
    select
        case_id,
        count(*) as comparison_count,
        count(*) filter (where not is_authorised) as unauthorised_count,
        count(*) filter (where is_authorised is null) as unknown_count,
        string_agg(distinct request_code, ',' order by request_code) filter (where not is_usable) as blocked_requests,
        min(requested_date) filter (where not is_usable) as first_blocked_date
    from {{ ref('int_case__comparisons_judged') }}
    group by case_id
),

judged as (
    select
        cases.*,
        comparisons.* exclude (case_id),
        case
            when comparisons.comparison_count is null then 'not_applicable'
            when comparisons.unauthorised_count > 0 then 'raised'
            when comparisons.unknown_count > 0 then 'unknown'
            else 'clear'
        end as status
    from cases
    left join comparisons
        on cases.case_id = comparisons.case_id
),

{{ case_findings('R37', '§3(2)', {
    'comparison_count': 'comparison_count',
    'blocked_requests': 'blocked_requests',
    'first_blocked_date': 'cast(first_blocked_date as varchar)'
}, caution="'authorisation_unknown'", observed='unauthorised_count', unit="'comparisons'") }}
