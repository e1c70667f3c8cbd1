-- 监测对象识别退出程序记录: every row once, at its first arrival.
{{ rows_told_once('procedure_events', day='step_date') }}
