-- 集中排查情况: every statement kept, the one that stands marked.
{{ rows_restated(
    'concentrated_checks', subject=['check_year', 'region_code'],
    version=['reported_date'], day='reported_date'
) }}
