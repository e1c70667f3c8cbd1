-- 集中排查情况: every row once, at its first arrival.
{{ rows_told_once('check_audits', day='audited_date') }}
