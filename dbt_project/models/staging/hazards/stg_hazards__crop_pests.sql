-- 农作物病虫情报: every row once, at its first arrival.
{{ rows_told_once('crop_pests', day='surveyed_date') }}
