-- 信访和热线线索: every statement kept, the one that stands marked.
{{ rows_restated(
    'petitions_hotline', subject=['clue_code'],
    version=['state_date'], day='received_date'
) }}
