-- §5(3), R74: nothing is entered long after its day, and what evaluations found is put right in time.
{{ duty_rule(
    'R74', ['int_duty__entries', 'int_duty__rectifications'], 'village', '§5(3)', 'entry_kept_ratio',
    ['backdated_count', 'unrectified_count']
) }}
