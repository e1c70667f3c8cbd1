-- R17, §2(3): fires, as int_rule__hazards judges every family by one reading.
-- Clause table: int_rule__r17_unit_tests.yml.
{{ hazard_family('R17') }}
