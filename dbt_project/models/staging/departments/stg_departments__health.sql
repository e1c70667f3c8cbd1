-- 大病和慢病确诊签约清单: as the newest list of each scope and period tells it.
{{ rows_of_newest_list('health') }}
