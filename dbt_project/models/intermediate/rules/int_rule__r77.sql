-- §1, R77: early help: the first measure begins in time after inclusion. Days: fct_response_times_monthly.
{{ duty_rule('R77', 'int_duty__first_measures', 'village', '§1', 'first_measure_kept_ratio') }}
