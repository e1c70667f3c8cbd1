-- 带动经营主体名录: as the newest list of each scope and period tells it.
{{ rows_of_newest_list('enterprises') }}
