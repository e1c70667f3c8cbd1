-- 部门筛查运行记录: every row once, at its first arrival.
{{ rows_told_once('screening_runs') }}
