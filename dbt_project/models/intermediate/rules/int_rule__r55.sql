-- §3(4), R55: the two systems agree on who is monitored, county by county.
{{ duty_rule('R55', 'int_duty__reconciliations', 'county', '§3(4)', 'reconciled_ratio') }}
