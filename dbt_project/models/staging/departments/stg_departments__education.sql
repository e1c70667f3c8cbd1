-- 学生在校和资助清单: as the newest list of each scope and period tells it.
{{ rows_of_newest_list('education') }}
