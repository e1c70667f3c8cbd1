-- 残疾人证和两项补贴清单: as the newest list of each scope and period tells it.
{{ rows_of_newest_list('disabled') }}
