-- 脱贫人口小额信贷台账: as the newest list of each scope and period tells it.
{{ rows_of_newest_list('small_loans') }}
