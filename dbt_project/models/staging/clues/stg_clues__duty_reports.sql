-- 值班电话报告: every statement kept, the one that stands marked.
{{ rows_restated(
    'duty_reports', subject=['report_code'],
    version=['reported_at'], day='reported_at'
) }}
