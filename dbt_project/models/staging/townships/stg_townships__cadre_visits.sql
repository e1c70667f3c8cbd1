-- 入户走访记录: every row once, at its first arrival.
{{ rows_told_once('cadre_visits', day='visit_date') }}
