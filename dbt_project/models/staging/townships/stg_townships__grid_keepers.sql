-- 网格员任职表: as the newest list of each scope and period tells it.
{{ rows_of_newest_list('grid_keepers') }}
