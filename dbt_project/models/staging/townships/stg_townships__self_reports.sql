-- 农户自主申报台账: every statement kept, the one that stands marked.
{{ rows_restated(
    'self_reports', subject=['application_code'],
    version=['state_date'], day='applied_date'
) }}
