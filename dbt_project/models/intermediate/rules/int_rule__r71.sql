-- §5(2), R71: comparisons asked of a department are answered in time; a county and department each.
{{ duty_rule(
    'R71', 'int_duty__comparisons', 'county', '§5(2)', 'comparison_kept_ratio', ['unanswered_count'], 'department'
) }}
