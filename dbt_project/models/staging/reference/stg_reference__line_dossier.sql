-- 监测线测算资料: every statement kept, the one that stands marked.
{{ rows_restated(
    'line_dossier', subject=['line_year'],
    version=['stated_date'], day='stated_date'
) }}
