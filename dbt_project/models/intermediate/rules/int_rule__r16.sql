-- R16, §2(3): pests of crops and diseases of animals, as int_rule__hazards judges every family by one reading.
-- Clause table: int_rule__r16_unit_tests.yml.
{{ hazard_family('R16') }}
