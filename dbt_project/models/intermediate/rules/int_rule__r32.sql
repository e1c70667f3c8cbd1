-- §3(1), R32: every village is checked house by house at least once a year.
{{ duty_rule(
    'R32', 'int_duty__concentrated_checks', 'village', '§3(1)', 'check_kept_ratio',
    ['checked_household_count', 'found_household_count']
) }}
