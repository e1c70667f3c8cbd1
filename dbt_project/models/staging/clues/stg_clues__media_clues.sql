-- 媒体舆情线索: every statement kept, the one that stands marked.
{{ rows_restated(
    'media_clues', subject=['clue_code'],
    version=['state_date'], day='found_date'
) }}
