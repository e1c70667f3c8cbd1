-- For every county and judged month, the newest monthly list of each department that could be used by then.
{{ newest_usable_lists(['national_monitored_export', 'medical_insurance', 'hrss_employment']) }}
