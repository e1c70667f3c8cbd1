-- 疫情防控通告: every statement kept, the one that stands marked.
{{ rows_restated(
    'epidemic', subject=['event_code', 'region_code'],
    version=['announced_at'], day='announced_at'
) }}
