-- §5(2), R73: the departments of each county consult regularly and settle what to do.
{{ duty_rule(
    'R73', 'int_duty__department_meetings', 'county', '§5(2)', 'department_meeting_ratio', ['meeting_count']
) }}
