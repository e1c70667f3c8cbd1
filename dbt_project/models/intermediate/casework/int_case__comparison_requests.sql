{#
    Every request to compare a household's assets: the case that it was made for (the household's first inclusion not
    closed before it; without one, a case of its own), and whether the household had authorised it before (§3(2), R37).
    Unknown where an authorisation lacks its date, or the applications of the time have not come.
#}
with requests as (
    select
        household_key,
        request_code,
        min(requested_date) as requested_date,
        max(usable_from_date) as usable_from_date,
        min(load_id) as load_id,
        max(known_at) as known_at
    from {{ ref('int_case__comparisons_told') }}
    group by household_key, request_code
),

homes as (
    select
        household_key,
        village_code,
        county_code,
        row_number() over (partition by household_key order by valid_from_date desc, village_code asc) as newness
    from {{ ref('int_household__registrations') }}
),

first_cases as (
    select
        requests.household_key,
        requests.request_code,
        opened.case_id,
        row_number() over (
            partition by requests.household_key, requests.request_code
            order by opened.start_date, opened.case_code nulls last, opened.case_id
        ) as case_order
    from requests
    inner join {{ ref('int_case__opened') }} as opened
        on
            requests.household_key = opened.household_key
            and opened.case_kind = 'inclusion'
            and requests.requested_date <= coalesce(opened.closed_date, requests.requested_date)
),

authorised as (
    select
        requests.household_key,
        requests.request_code,
        bool_or(
            applications.has_authorisation and applications.authorised_date <= requests.requested_date
            and requests.requested_date < coalesce(applications.revoked_date, date '9999-12-31')
        ) as is_authorised,
        bool_or(
            applications.has_authorisation is null
            or (applications.has_authorisation and applications.authorised_date is null)
        ) as is_any_undated
    from requests
    inner join {{ ref('int_case__applications') }} as applications
        on requests.household_key = applications.household_key
    group by requests.household_key, requests.request_code
),

final as (
    select
        coalesce(first_cases.case_id, 'C' || substring(md5(
            'comparison|' || requests.request_code || '|' || requests.household_key
        ), 1, 12)) as case_id,
        first_cases.case_id is null as is_own_case,
        requests.*,
        homes.village_code,
        case
            when authorised.is_authorised then true
            when authorised.is_any_undated then null
            when requests.requested_date <= feeds.applications_known_until_date then false
        end as is_authorised
    from requests
    left join authorised using (household_key, request_code)
    left join first_cases
        on
            requests.household_key = first_cases.household_key
            and requests.request_code = first_cases.request_code
            and first_cases.case_order = 1
    left join homes
        on requests.household_key = homes.household_key and homes.newness = 1
    left join {{ ref('int_case__feeds_known') }} as feeds
        on homes.county_code = feeds.county_code
)

select * from final
