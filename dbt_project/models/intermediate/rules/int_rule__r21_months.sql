-- R21, §2(3), month by month: vulnerable households that are linked to a failing village project.
-- Clause table: int_rule__r21_months_unit_tests.yml.
{{ link_rule_months('R21', 'failed_project_share_from', needs=['link_loss_days', 'dividend_overdue_days']) }}
