-- 政策知晓率调查: every row once, at its first arrival.
{{ rows_told_once('awareness_surveys', day='surveyed_date') }}
