-- 自然灾害损失情况统计: every statement kept, the one that stands marked.
{{ rows_restated(
    'loss_reports', subject=['event_code', 'region_code'],
    version=['reported_at', 'report_stage'], day='reported_at'
) }}
