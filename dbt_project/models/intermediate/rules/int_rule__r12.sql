-- R12, §2(3): floods and droughts, as int_rule__hazards judges every family by one reading.
-- Clause table: int_rule__r12_unit_tests.yml.
{{ hazard_family('R12') }}
