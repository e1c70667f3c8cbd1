-- §5(4), R76: the register keeps to what the census and the spot checks found.
{{ duty_rule(
    'R76', 'int_duty__baselines', 'village', '§5(4)', 'baseline_kept_ratio',
    ['census_difference_count', 'failed_check_count']
) }}
