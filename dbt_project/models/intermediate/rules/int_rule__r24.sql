-- R24: whether relocated people settle. Clause table: int_rule__r24_unit_tests.yml.
{{ monthly_rule_daily(
    'R24', 'site', 'int_rule__r24_months', 'relocation_services', 'months.integration_index', 'site_household_count',
    {'site_count': 'months.site_count', 'site_household_count': 'months.site_household_count',
        'occupied_household_count': 'months.occupied_household_count',
        'fee_arrears_household_count': 'months.fee_arrears_household_count',
        'complaint_count': 'months.complaint_count', 'missing_parts': 'months.missing_parts',
        'caution': 'months.caution'},
    parameter='integration_index_below',
    inapplicable="months.caution in ('below_min_base', 'few_households_on_sites')", on_sites=true, partial=true
) }}
