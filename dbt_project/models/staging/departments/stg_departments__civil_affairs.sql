-- 社会救助对象月报: as the newest list of each scope and period tells it.
{{ rows_of_newest_list('civil_affairs') }}
