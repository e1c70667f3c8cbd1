-- §5(2), R72: each department's system is connected, step by step; a county and department each.
{{ duty_rule('R72', 'int_duty__connections', 'county', '§5(2)', 'connected_ratio', ['realtime_count'], 'department') }}
