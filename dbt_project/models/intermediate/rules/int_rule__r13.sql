-- R13, §2(3): weather, as int_rule__hazards judges every family by one reading.
-- Clause table: int_rule__r13_unit_tests.yml.
{{ hazard_family('R13') }}
