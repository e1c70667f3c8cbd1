-- R14, §2(3): earthquakes, as int_rule__hazards judges every family by one reading.
-- Clause table: int_rule__r14_unit_tests.yml.
{{ hazard_family('R14') }}
