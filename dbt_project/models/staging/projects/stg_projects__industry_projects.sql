-- 乡村产业项目台账: as the newest list of each scope and period tells it.
{{ rows_of_newest_list('industry_projects') }}
