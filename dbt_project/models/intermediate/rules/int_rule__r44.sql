{#
    §3(2): after a publicity without objection (or with every one resolved) the township reviews, then the county files,
    then announces: end of publicity < town review < county filing <= announcement. Judged from the town review on.
#}
{{ config(materialized='view') }}

with cases as (
    select * from {{ ref('int_case__progress') }}
),

checked as (
    -- a step not reached yet breaks nothing; one that is missing below a step taken leaves its comparison unknown
    select
        *,
        publicity_end_date < town_review_date as is_town_after_publicity,
        case when reached_rank < county_filing_rank then true else town_review_date < county_filing_date end
            as is_filing_after_town,
        case when reached_rank < announced_rank then true else county_filing_date <= announced_date end
            as is_announced_after_filing,
        objection_count = 0 or (objection_count is not null and is_objection_resolved) as is_unopposed
    from cases
),

judged as (
    select
        *,
        case
            {{ case_guard('inclusion') }}
            when reached_rank < town_review_rank then 'not_applicable'
            else {{ status_of(
                'not (is_town_after_publicity and is_filing_after_town and is_announced_after_filing and is_unopposed)'
            ) }}
        end as status
    from checked
),

{{ case_findings('R44', '§3(2)', {
    'publicity_end_date': 'cast(publicity_end_date as varchar)',
    'town_review_date': 'cast(town_review_date as varchar)',
    'county_filing_date': 'cast(county_filing_date as varchar)',
    'announced_date': 'cast(announced_date as varchar)',
    'objection_count': 'objection_count',
    'is_objection_resolved': 'is_objection_resolved'
}, caution="case
            when not has_procedure then 'no_procedure_record'
            when is_unopposed is null then 'objections_unknown'
            else 'step_not_recorded'
        end", observed='objection_count', unit="'objections'") }}
