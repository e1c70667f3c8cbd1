-- 家庭资产信息比对结果: every statement kept, the one that stands marked.
{{ rows_restated(
    'comparison_results', subject=['request_code', 'household_key', 'department']
) }}
