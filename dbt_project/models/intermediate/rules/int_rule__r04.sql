-- §2(1) 边缘易致贫户: is an ordinary household below the monitoring line, with at least one open risk?
{{ config(materialized='view') }}

{{ below_line_with_risk('R04', 'not households.is_lifted_out') }}
