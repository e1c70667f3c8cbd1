-- R12, §2(3): floods and droughts, warned of and reaching vulnerable households.
-- Clause table: int_rule__r12_unit_tests.yml.
{{ hazard_rule('R12') }}
