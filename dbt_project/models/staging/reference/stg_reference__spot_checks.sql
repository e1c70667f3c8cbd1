-- 抽查核查结果: every row once, at its first arrival.
{{ rows_told_once('spot_checks', day='checked_date') }}
