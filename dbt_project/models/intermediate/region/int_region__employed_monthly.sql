-- How many of the vulnerable households' listed labour work, against the same month of the year before (R20). Both
-- months count the same households, those vulnerable now, and only counties whose lists are there for both: a
-- household that left the list, or a list that did not come, must not look like lost work. A month without a list that
-- is awaited is incomplete: it may raise a level, not lower one.
with employment as (
    select
        person_key,
        cast(report_month as date) as report_month,
        max(case when is_employed then 1 else 0 end) as employed,
        max(usable_from_date) as usable_from_date,
        max(known_at) as known_at
    from {{ ref('stg_hrss__employment') }}
    group by person_key, report_month
),

households as (
    select
        household_key, township_code, county_code,
        cast(date_trunc('month', as_of_date) as date) as report_month,
        as_of_date
    from {{ ref('int_household__monthly') }}
    where is_vulnerable
),

members as (
    select * from {{ ref('int_household__members') }}
),

persons as (
    select
        households.report_month, households.household_key, households.township_code, households.county_code,
        members.person_key
    from households
    inner join members
        on
            households.household_key = members.household_key
            and households.as_of_date >= members.valid_from_date
            and households.as_of_date < members.valid_until_date
),

by_township as (
    select
        persons.report_month,
        persons.county_code,
        persons.township_code,
        count(distinct persons.household_key) as vulnerable_household_count,
        count(this_year.person_key) as listed_count,
        count(year_before.person_key) as listed_before_count,
        coalesce(sum(this_year.employed), 0) as employed_count,
        coalesce(sum(year_before.employed), 0) as employed_before_count,
        count(distinct case when year_before.employed = 1 and coalesce(this_year.employed, 0) = 0
                then persons.household_key
        end) as exposed_household_count,
        max(this_year.usable_from_date) as usable_from_date,
        max(this_year.known_at) as known_at
    from persons
    left join employment as this_year
        on persons.person_key = this_year.person_key and persons.report_month = this_year.report_month
    left join employment as year_before
        on
            persons.person_key = year_before.person_key
            and cast(persons.report_month - interval 12 month as date) = year_before.report_month
    group by persons.report_month, persons.county_code, persons.township_code
),

-- A stray line in the list of another county is no list.
listed_counties as (
    select
        by_township.county_code, by_township.report_month, bool_or(lists.is_late) as is_late,
        bool_or(lists.is_listed) and sum(by_township.listed_count) > 0 as is_listed,
        bool_or(lists.is_listed_before) and sum(by_township.listed_before_count) > 0 as is_listed_before
    from by_township
    inner join {{ ref('int_region__work_lists_monthly') }} as lists using (county_code, report_month)
    group by by_township.county_code, by_township.report_month
),

final as (
    select
        ancestors.ancestor_code as region_code,
        report_month,
        last_day(report_month) as month_end_date,
        cast(sum(vulnerable_household_count) filter (where is_listed) as bigint) as vulnerable_household_count,
        {%- for column in ['exposed_household_count', 'employed_count', 'employed_before_count'] %}
            cast(sum({{ column }}) filter (where is_listed and is_listed_before) as bigint) as {{ column }},
        {%- endfor %}
        bool_or(is_late) as is_incomplete,
        max(usable_from_date) filter (where is_listed) as usable_from_date,
        max(known_at) filter (where is_listed) as known_at
    from by_township
    inner join listed_counties using (county_code, report_month)
    inner join {{ ref('int_region__ancestors') }} as ancestors
        on by_township.township_code = ancestors.region_code
    group by ancestors.ancestor_code, report_month
)

select * from final
where usable_from_date is not null
