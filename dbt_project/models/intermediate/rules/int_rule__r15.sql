-- R15, §2(3): geological hazards, as int_rule__hazards judges every family by one reading.
-- Clause table: int_rule__r15_unit_tests.yml.
{{ hazard_family('R15') }}
