-- R22, §2(3): links that carried households and are broken. Clause table: int_rule__r22_unit_tests.yml.
{{ link_rule_daily('R22', 'int_rule__r22_months', 'benefit_links', 'broken_link_share_from') }}
