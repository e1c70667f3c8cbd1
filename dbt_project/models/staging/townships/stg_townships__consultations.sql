-- 集中会商记录: every row once, at its first arrival.
{{ rows_told_once('consultations') }}
