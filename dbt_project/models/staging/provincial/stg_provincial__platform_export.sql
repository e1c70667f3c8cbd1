-- 防止返贫监测大数据管理平台监测户导出: as the newest list of each scope and period tells it.
{{ rows_of_newest_list('provincial_platform_export') }}
