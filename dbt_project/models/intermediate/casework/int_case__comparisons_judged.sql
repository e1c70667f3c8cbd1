{#
    Every department's answer with its case and the word on its use: usable only where known to have been authorised
    before it was asked for. What is not usable is listed here and read nowhere else. Quarterly screening of whole lists
    is no comparison of a household and needs no authorisation of its own.
#}
with told as (
    select * from {{ ref('int_case__comparisons_told') }}
),

requests as (
    select * from {{ ref('int_case__comparison_requests') }}
),

final as (
    select
        requests.case_id,
        told.request_code,
        told.household_key,
        told.department,
        told.requested_date,
        told.returned_date,
        told.has_hit,
        told.hit_class,
        requests.is_authorised,
        coalesce(requests.is_authorised, false) as is_usable,
        told.usable_from_date,
        told.load_id,
        told.known_at
    from told
    inner join requests
        on told.household_key = requests.household_key and told.request_code = requests.request_code
)

select * from final
