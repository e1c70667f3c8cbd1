-- 户籍和交通事故事件: every row once, at its first arrival.
{{ rows_told_once('police_events') }}
