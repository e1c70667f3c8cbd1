-- R18, §2(3): epidemics and other public emergencies, as int_rule__hazards judges every family by one reading.
-- Clause table: int_rule__r18_unit_tests.yml.
{{ hazard_family('R18') }}
