-- 农村饮水安全清单: as the newest list of each scope and period tells it.
{{ rows_of_newest_list('water') }}
