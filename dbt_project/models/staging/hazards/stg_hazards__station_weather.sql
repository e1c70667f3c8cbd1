-- 气象和水文站逐日观测: every row once, at its first arrival.
{{ rows_told_once('station_weather', day='observed_date') }}
