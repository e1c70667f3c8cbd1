-- R22, §2(3), month by month: vulnerable households that lost a link which carried them.
-- Clause table: int_rule__r22_months_unit_tests.yml.
{{ link_rule_months('R22', 'broken_link_share_from', needs=['link_loss_days']) }}
