{#
    §3(2): had all six departments answered when the case came to the village's review? Only comparisons that may be used
    count. A list that has not come yet proves nothing, nor does an answer of which nobody knows whether it was allowed.
#}
{{ config(materialized='view') }}

with cases as (
    select * from {{ ref('int_case__progress') }}
),

answers as (
    select
        case_id,
        count(distinct department) as returned_count,
        string_agg(distinct department, ',' order by department) as returned_departments_zh,
        max(returned_date) as last_returned_date
    from {{ ref('int_case__comparisons_judged') }}
    where is_usable and returned_date is not null
    group by case_id
),

undecided as (
    -- with those whose authorisation is not known: counted, never read
    select
        case_id,
        count(distinct department) as possible_count
    from {{ ref('int_case__comparisons_judged') }}
    where (is_usable or is_authorised is null) and returned_date is not null
    group by case_id
),

required as (
    select * from {{ thresholds_of('comparison_departments') }}
),

measured as (
    select
        cases.*,
        coalesce(answers.returned_count, 0) as returned_count,
        answers.returned_departments_zh,
        answers.last_returned_date,
        undecided.possible_count >= required.value as is_possible,
        -- a review that was left out was due by the step after it, at the latest when the household was listed
        coalesce(
            cases.village_review_date, cases.publicity_date, cases.town_review_date, cases.county_filing_date,
            cases.announced_date, cases.labelled_date, last_day(cases.listed_month)
        ) as needed_date,
        feeds.comparisons_known_until_date,
        required.value as required_count,
        required.threshold_id
    from cases
    left join answers
        on cases.case_id = answers.case_id
    left join undecided
        on cases.case_id = undecided.case_id
    left join {{ ref('int_case__feeds_known') }} as feeds
        on cases.county_code = feeds.county_code
    left join required
        on {{ in_force_on('required', 'cases.start_date') }}
),

judged as (
    select
        *,
        case
            {{ case_guard('inclusion') }}
            when required_count is null then 'unknown'
            when returned_count >= required_count then 'clear'
            when reached_rank < village_review_rank then 'not_applicable'
            when is_possible then 'unknown'
            when needed_date <= comparisons_known_until_date then 'raised'
            else 'unknown'
        end as status
    from measured
),

{{ case_findings('R41', '§3(2)', {
    'returned_departments_zh': 'returned_departments_zh',
    'last_returned_date': 'cast(last_returned_date as varchar)',
    'village_review_date': 'cast(village_review_date as varchar)',
    'caution': "case when last_returned_date > village_review_date then 'returned_after_review' end"
}, caution="case
            when not has_procedure then 'no_procedure_record'
            when required_count is null then 'no_threshold_in_force'
            when is_possible then 'authorisation_unknown'
            else 'comparisons_not_delivered'
        end", observed='returned_count', unit="'departments'", threshold='required_count',
    threshold_id='threshold_id') }}
