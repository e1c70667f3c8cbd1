-- 考核评估与暗访问题清单: every statement kept, the one that stands marked.
{{ rows_restated(
    'evaluations', subject=['finding_code'],
    version=['state_date'], day='state_date'
) }}
