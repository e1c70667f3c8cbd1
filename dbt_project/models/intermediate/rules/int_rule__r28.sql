-- §3(1), R28: self-report, cadre check and departmental screening each bring something in each county and quarter.
{{ duty_rule(
    'R28', 'int_duty__channels', 'county', '§3(1)', 'channel_kept_ratio',
    ['self_report_silent_count', 'cadre_check_silent_count', 'dept_screen_silent_count']
) }}
