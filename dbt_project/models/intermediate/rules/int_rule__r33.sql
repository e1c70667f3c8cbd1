-- §3(1), R33: each department screens in each county at least once a quarter; a county and department each.
{{ duty_rule(
    'R33', 'int_duty__screenings', 'county', '§3(1)', 'screening_kept_ratio', ['warning_count'], 'department'
) }}
