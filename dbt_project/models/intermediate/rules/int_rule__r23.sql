-- R23: relocated people's work. Each day is judged by the newest monthly report that was there on it. A region without
-- sites has nothing to judge.
with regions as (
    select * from {{ ref('int_region__judged_daily') }}
),

months as (
    select * from {{ ref('int_rule__r23_months') }}
),

vulnerable as (
    select * from {{ ref('int_region__vulnerable_monthly') }}
),

newest as (
    {{ newest_usable_by_day('months', ['region_code'], 'report_month') }}
),

final as (
    select
        regions.region_code,
        regions.as_of_date,
        'R23' as rule_id,
        'site' as dimension,
        case when months.region_code is not null then 'relocation_sites' end as subject,
        case
            when months.region_code is null and vulnerable.site_household_count > 0 then 'unknown'
            when months.region_code is null then 'not_applicable'
            when months.level = 'unknown' then 'unknown'
            when months.level <> 'none' then 'raised'
            when not months.is_exposed then 'not_applicable'
            else 'clear'
        end as status,
        {%- for column in ['raw_level', 'hold_level', 'level'] %}
            case
                when months.region_code is not null then months.{{ column }}
                when vulnerable.site_household_count > 0 then 'unknown'
                else 'none'
            end as {{ column }},
        {%- endfor %}
        cast(case months.parameter
            when 'site_employment_rate_below'
                then cast(months.employed_count as double) / nullif(months.labour_count, 0)
            else months.zero_employment_over_30d_count
        end as decimal(18, 6)) as observed_value,
        cast(months.threshold_value as decimal(18, 6)) as threshold_value,
        months.unit,
        months.threshold_id,
        months.site_household_count as exposed_household_count,
        vulnerable.vulnerable_household_count,
        cast(case when months.region_code is not null then json_object(
                    'report_month', cast(months.report_month as varchar),
                    'site_count', months.site_count,
                    'site_household_count', months.site_household_count,
                    'labour_count', months.labour_count,
                    'employed_count', months.employed_count,
                    'zero_employment_over_30d_count', months.zero_employment_over_30d_count,
                    'caution', case when not months.is_exposed then 'few_households_on_sites' end,
                    'clause', '§2(3)'
                )
        end as varchar) as evidence,
        months.known_at
    from regions
    left join vulnerable
        on
            regions.region_code = vulnerable.region_code
            and regions.as_of_date between vulnerable.valid_from_date and vulnerable.valid_to_date
    left join newest
        on regions.region_code = newest.region_code and regions.as_of_date = newest.as_of_date
    left join months
        on newest.region_code = months.region_code and newest.report_month = months.report_month
)

select * from final
