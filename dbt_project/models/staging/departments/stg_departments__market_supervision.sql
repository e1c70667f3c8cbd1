-- 市场主体登记变动: every statement kept, the one that stands marked.
{{ rows_restated(
    'market_supervision', subject=['company_code', 'person_key'],
    version=['state_date']
) }}
