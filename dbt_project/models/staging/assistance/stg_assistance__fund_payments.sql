-- 帮扶资金和救助基金台账: every row once, at its first arrival.
{{ rows_told_once('fund_payments') }}
