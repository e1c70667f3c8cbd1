-- 社会帮扶和消费帮扶台账: every row once, at its first arrival.
{{ rows_told_once('social_help') }}
