-- 易地搬迁安置点服务月报: as the newest list of each scope and period tells it.
{{ rows_of_newest_list('relocation_services') }}
