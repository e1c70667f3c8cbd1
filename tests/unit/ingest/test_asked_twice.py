"""R75, §5(4): no office is asked for what another one tells already, unless a reason stands on record here."""

from __future__ import annotations

from collections import defaultdict

from ingest.contracts import Contract, contracts

# A yes or no about a household or person that two offices are asked for, and why that is no repeated collection.
REASONS = {
    "饮水是否安全": "the water bureau tells of supplies, visitors of what they met at the door: R54 takes the newer",
    "住房是否安全": "the housing bureau tells of surveyed dwellings, visitors of what they met at the door",
    "是否参保": "medical insurance in one, crop insurance in the other: the same header for two facts",
}
ABOUT_PEOPLE = {"household_key", "person_key"}


def asked_of(declared: dict[str, Contract]) -> dict[str, set[str]]:
    """Chinese header of each yes-or-no fact about people → the offices that are asked for it."""
    offices: dict[str, set[str]] = defaultdict(set)
    for contract in declared.values():
        for table in contract.tables:
            if ABOUT_PEOPLE & {column.name for column in table.columns}:
                for column in table.columns:
                    if column.kind == "yes_no":
                        offices[column.header].add(contract.owner)
    return offices


def test_no_fact_about_people_is_asked_of_two_offices_without_a_reason() -> None:
    asked = asked_of(contracts())
    twice = {header for header, offices in asked.items() if len(offices) > 1}
    assert asked, "no contract declares a yes-or-no fact about people"
    assert twice == set(REASONS)
