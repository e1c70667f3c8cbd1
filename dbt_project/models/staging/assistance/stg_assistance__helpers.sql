-- 帮扶联系人台账: as the newest list of each scope and period tells it.
{{ rows_of_newest_list('helpers') }}
