-- R21, §2(3): village projects that fail, by the households that hang on them.
-- Clause table: int_rule__r21_unit_tests.yml.
{{ link_rule_daily('R21', 'int_rule__r21_months', 'industry_projects', 'failed_project_share_from') }}
