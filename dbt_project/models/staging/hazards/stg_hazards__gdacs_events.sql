-- 全球灾害预警与协调系统: every statement kept, the one that stands marked; an event's later episodes replace earlier ones.
{{ rows_restated('gdacs_events', subject=['event_type_code', 'event_code'], version=['published_at'], day='from_at') }}
