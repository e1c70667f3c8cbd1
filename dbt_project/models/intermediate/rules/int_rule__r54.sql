-- §3(4), R54: guarantees, water and income of every household are brought up to date in time.
{{ duty_rule(
    'R54', 'int_duty__updates', 'village', '§3(4)', 'freshness_kept_ratio',
    ['stale_guarantees_count', 'stale_water_count', 'stale_income_count'], 'class'
) }}
