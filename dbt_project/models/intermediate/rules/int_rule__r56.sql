{#
    §4(1) 所有监测对象可以使用各级财政衔接推进乡村振兴补助资金: is a type of monitored household shut out in a county, so that
    none of its households used the fund in the months that count? Too few households of a type say nothing about it.
#}
with counties as (
    select
        county_code,
        as_of_date,
        max(usable_from_date) as usable_from_date,
        max(known_at) as known_at,
        bool_or(is_monitored is null) as is_list_missing
    from {{ ref('int_household__monthly') }}
    group by county_code, as_of_date
),

types as (
    select
        county_code,
        as_of_date,
        monitored_type,
        sum(household_count) as household_count,
        sum(user_count) as user_count,
        bool_and(is_told) as is_told,
        max(usable_from_date) as usable_from_date,
        max(known_at) as known_at
    from {{ ref('int_help__bridging_fund_monthly') }}
    group by county_code, as_of_date, monitored_type
),

asked as (
    select
        types.*,
        fewest.value as base_value,
        fewest.threshold_id,
        case
            when types.household_count < fewest.value then 'too_few'
            when types.user_count > 0 then 'used'
            when types.is_told and fewest.value is not null then 'shut_out'
            else 'not_known'
        end as answer
    from types
    left join {{ thresholds_of('bridging_fund_base') }} as fewest
        on {{ in_force_on('fewest', 'types.as_of_date') }}
),

by_county as (
    select
        county_code,
        as_of_date,
        count(*) filter (where answer = 'shut_out') as shut_out_count,
        count(*) filter (where answer = 'used') as used_count,
        count(*) filter (where answer = 'not_known') as not_known_count,
        string_agg(
            monitored_type || ':' || answer || ':' || cast(user_count as varchar)
            || '/' || cast(household_count as varchar), ',' order by monitored_type
        ) as type_answers,
        max(base_value) as base_value,
        max(threshold_id) as threshold_id,
        max(usable_from_date) as usable_from_date,
        max(known_at) as known_at
    from asked
    group by county_code, as_of_date
),

final as (
    select
        county_code as region_code,
        as_of_date,
        'R56' as rule_id,
        case
            when counties.is_list_missing then 'unknown'
            when by_county.shut_out_count > 0 then 'raised'
            when by_county.not_known_count > 0 then 'unknown'
            when by_county.used_count > 0 then 'clear'
            else 'not_applicable'
        end as status,
        cast(by_county.shut_out_count as decimal(18, 6)) as observed_value,
        cast(by_county.base_value as decimal(18, 6)) as threshold_value,
        'types' as unit,
        by_county.threshold_id,
        {{ evidence_of({'clause': "'§4(1)'", 'types': 'by_county.type_answers'}, caution="case
            when counties.is_list_missing then 'monitored_list_missing' else 'funds_unknown' end") }} as evidence,
        greatest(counties.usable_from_date, by_county.usable_from_date) as usable_from_date,
        greatest(counties.known_at, by_county.known_at) as known_at
    from counties
    left join by_county using (county_code, as_of_date)
)

select * from final
