-- 地质灾害隐患点: as the newest list of each scope and period tells it.
{{ rows_of_newest_list('geological_points') }}
