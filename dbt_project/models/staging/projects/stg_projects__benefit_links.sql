-- 联农带农利益联结台账: as the newest list of each scope and period tells it.
{{ rows_of_newest_list('benefit_links') }}
