-- 区域风险处置反馈: every statement kept, the one that stands marked.
{{ rows_restated(
    'responses', subject=['notice_code', 'owner_department'],
    version=['state_date']
) }}
