-- §3(1), R31: households are visited regularly, each class within its interval.
{{ duty_rule('R31', 'int_duty__visits', 'village', '§3(1)', 'visit_kept_ratio', ['overdue_count'], 'class') }}
