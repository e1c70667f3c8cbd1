-- R24: whether relocated people settle. Each day is judged by the newest monthly report that was there on it. A region
-- without sites has nothing to judge. Clause table: int_rule__r24_unit_tests.yml.
with regions as (
    select * from {{ ref('int_region__judged_daily') }}
),

months as (
    select * from {{ ref('int_rule__r24_months') }}
),

cuts as (
    select * from {{ ref('int_region__cuts_daily') }}
    where rule_id = 'R24' and parameter = 'integration_index_below'
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
        'R24' as rule_id,
        'site' as dimension,
        case when months.region_code is not null then 'relocation_services' end as subject,
        case
            when months.region_code is null and vulnerable.site_household_count > 0 then 'unknown'
            when months.region_code is null then 'not_applicable'
            when months.level = 'unknown' then 'unknown'
            when months.level <> 'none' then 'raised'
            when months.caution in ('below_min_base', 'few_households_on_sites') then 'not_applicable'
            else 'clear'
        end as status,
        {%- for column in ['raw_level', 'hold_level', 'level'] %}
            case
                when months.region_code is not null then months.{{ column }}
                when vulnerable.site_household_count > 0 then 'unknown'
                else 'none'
            end as {{ column }},
        {%- endfor %}
        months.integration_index as observed_value,
        cast(cuts.threshold_value as decimal(18, 6)) as threshold_value,
        cuts.unit,
        cuts.threshold_id,
        months.site_household_count as exposed_household_count,
        vulnerable.vulnerable_household_count,
        cast(case when months.region_code is not null then json_object(
                    'report_month', cast(months.report_month as varchar),
                    'site_count', months.site_count,
                    'site_household_count', months.site_household_count,
                    'occupied_household_count', months.occupied_household_count,
                    'fee_arrears_household_count', months.fee_arrears_household_count,
                    'complaint_count', months.complaint_count,
                    'missing_parts', months.missing_parts,
                    'caution', months.caution,
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
    left join cuts
        on months.month_end_date = cuts.as_of_date and months.shown_rank = cuts.level_rank
)

select * from final
