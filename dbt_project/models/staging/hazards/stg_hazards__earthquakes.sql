-- 地震速报: every statement of each service kept, the one that stands marked.
{{ rows_restated('earthquakes', subject=['source_code', 'event_code'], version=['updated_at'], day='occurred_at') }}
