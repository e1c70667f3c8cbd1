-- 帮扶资金和救助基金台账: as the newest list of each scope and period tells it.
{{ rows_of_newest_list('fund_balances') }}
