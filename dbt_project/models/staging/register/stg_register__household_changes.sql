-- 农户信息登记表: every row once, at its first arrival.
{{ rows_told_once('register_household_changes', day='change_date') }}
