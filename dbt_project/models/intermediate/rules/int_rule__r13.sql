-- R13, §2(3): weather, warned of and reaching vulnerable households.
-- Clause table: int_rule__r13_unit_tests.yml.
{{ hazard_rule('R13') }}
