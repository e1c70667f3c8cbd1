-- 火灾事故报告: every statement kept, the one that stands marked.
{{ rows_restated(
    'fires', subject=['fire_code'],
    version=['stated_at'], day='occurred_at'
) }}
