-- §3(1), R30: the households asked know the policy.
{{ duty_rule('R30', 'int_duty__awareness', 'village', '§3(1)', 'awareness_ratio') }}
