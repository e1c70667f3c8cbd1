-- §2(1) 脱贫不稳定户: is a lifted-out household below the monitoring line, with at least one open risk?
{{ config(materialized='view') }}

{{ below_line_with_risk('R03', 'households.is_lifted_out') }}
