-- R20: rural unemployment that clearly rises.
{{ monthly_rule_daily(
    'R20', 'employment', 'int_rule__r20_months', 'employed_labour', 'months.fall_ratio', 'exposed_household_count',
    {'employed_count': 'months.employed_count', 'employed_before_count': 'months.employed_before_count',
        'caution': 'months.caution'},
    parameter='employed_fall_on_year', partial=true
) }}
