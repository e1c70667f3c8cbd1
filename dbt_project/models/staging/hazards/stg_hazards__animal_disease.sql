-- 动物疫情报告: every statement kept, the one that stands marked.
{{ rows_restated(
    'animal_disease', subject=['outbreak_code'],
    version=['stated_date'], day='stated_date'
) }}
