{#
    Who of a household's listed labour works, and who lost work: employed in one of the last reported months, not now.
    Whoever was without work in the same month last year as well is at home for the Spring Festival or the harvest, and
    does not count; where last year's list is missing that cannot be said, and the count is unknown.
#}
with person_months as (
    select person_key, report_month, bool_or(is_employed) as is_employed
    from {{ ref('stg_hrss__employment') }}
    group by person_key, report_month
),

known_months as (
    select distinct scope_region_code, cast(date_trunc('month', period_end_date) as date) as list_month
    from {{ ref('stg_landing__newest_loads') }}
    where table_name = 'hrss_employment'
),

lists as (
    select
        newest.as_of_date,
        newest.county_code,
        newest.list_month,
        count(known_months.list_month) > 0 as is_year_before_known
    from {{ ref('int_household__lists_in_force') }} as newest
    left join known_months
        on
            cast(newest.list_month - interval 12 month as date) = known_months.list_month
            and known_months.scope_region_code in (
                newest.county_code, substring(newest.county_code, 1, 4) || '00000000'
            )
    where newest.table_name = 'hrss_employment'
    group by newest.as_of_date, newest.county_code, newest.list_month
),

histories as (
    select
        person_key,
        report_month,
        is_employed,
        max(case when is_employed then report_month end) over (
            partition by person_key order by report_month rows between unbounded preceding and 1 preceding
        ) as last_employed_month
    from person_months
),

compared as (
    select
        histories.*,
        not histories.is_employed
        and coalesce(
            {{ months_between('histories.last_employed_month', 'histories.report_month') }} <= recent.value, false
        ) as is_newly_without_work,
        coalesce(not year_before.is_employed, false) as was_without_work_year_before
    from histories
    left join {{ thresholds_of('lost_work_window') }} as recent
        on {{ in_force_on('recent', 'histories.report_month') }}
    left join person_months as year_before
        on
            histories.person_key = year_before.person_key
            and cast(histories.report_month - interval 12 month as date) = year_before.report_month
),

listed as (
    select
        members.household_key,
        lists.as_of_date,
        compared.is_employed,
        compared.is_newly_without_work,
        compared.was_without_work_year_before,
        lists.is_year_before_known
    from lists
    inner join compared
        on lists.list_month = compared.report_month
    inner join {{ ref('int_household__members') }} as members
        on
            compared.person_key = members.person_key
            and lists.county_code = members.county_code
            and lists.as_of_date >= members.valid_from_date
            and lists.as_of_date < members.valid_until_date
),

final as (
    select
        household_key,
        as_of_date,
        cast(count(*) as integer) as listed_labour_count,
        cast(count(*) filter (where is_employed) as integer) as employed_count,
        cast(case
            when bool_and(is_year_before_known or not is_newly_without_work)
                then count(*) filter (where is_newly_without_work and not was_without_work_year_before)
        end as integer) as lost_work_count
    from listed
    group by household_key, as_of_date
)

select * from final
