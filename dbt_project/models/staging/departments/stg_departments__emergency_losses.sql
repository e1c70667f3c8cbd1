-- 因灾损失到户清单: every statement kept, the one that stands marked.
{{ rows_restated(
    'emergency_losses', subject=['event_code', 'household_key'],
    version=['stated_date', 'report_stage']
) }}
