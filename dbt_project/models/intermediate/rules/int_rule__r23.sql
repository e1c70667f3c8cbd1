-- R23: relocated people's work.
{{ monthly_rule_daily(
    'R23', 'site', 'int_rule__r23_months', 'relocation_sites',
    "case months.parameter
            when 'site_employment_rate_below'
                then cast(months.employed_count as double) / nullif(months.labour_count, 0)
            else months.zero_employment_over_30d_count
        end", 'site_household_count',
    {'site_count': 'months.site_count', 'site_household_count': 'months.site_household_count',
        'labour_count': 'months.labour_count', 'employed_count': 'months.employed_count',
        'zero_employment_over_30d_count': 'months.zero_employment_over_30d_count',
        'caution': "case
                when months.is_below_min_base then 'below_min_base'
                when not months.is_exposed then 'few_households_on_sites'
            end"},
    inapplicable='not months.is_exposed or months.is_below_min_base', on_sites=true, partial=true
) }}
