-- 重大突发公共事件: every statement kept, the one that stands marked.
{{ rows_restated(
    'public_emergencies', subject=['event_code'],
    version=['stated_at'], day='stated_at'
) }}
