-- §3(1), R35: every town and every village consults each month on all five inputs.
{{ duty_rule('R35', 'int_duty__consultations', 'village', '§3(1)', 'consultation_kept_ratio', ['incomplete_count']) }}
