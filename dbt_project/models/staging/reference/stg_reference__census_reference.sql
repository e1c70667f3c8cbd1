-- 脱贫攻坚普查基础数据: as the newest list of each scope and period tells it.
{{ rows_of_newest_list('census_reference') }}
