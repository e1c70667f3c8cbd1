"""Which rules the oracle can answer, and which of them are held against the models: the one list to extend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from tests.oracle import aid, ladder, procedure, who
from tests.oracle.county import County
from tests.oracle.households import HouseholdOnDay, households_on
from tests.oracle.three_valued import NOT_APPLICABLE

# A rule is added here when its model is there. ORACLE below lists what the oracle can answer.
COMPARED = (
    *("R36", "R37", "R38", "R40", "R41", "R42", "R44", "R45", "R46", "R48"),
    *("R01", "R02", "R03", "R04", "R05", "R07", "R09", "R33", "R39", "R43", "R47", "R57", "R60", "R61", "R66"),
)


@dataclass(frozen=True)
class Subject:
    """A household or a region, on the day judged if the rule judges months."""

    name: str
    day: date | None = None


@dataclass(frozen=True)
class OfHouseholds:
    """A rule that answers for every household and month."""

    judge: Callable[[HouseholdOnDay], str]
    columns = ("household_key", "as_of_date")
    speaks_of_regions = False

    def answers(self, county: County, days: list[date]) -> Iterator[tuple[Subject, list[str]]]:
        """Every subject with its answer."""
        for today in days:
            for household in households_on(county, today):
                yield Subject(household.number, today), [self.judge(household)]


@dataclass(frozen=True)
class OfCases:
    """A rule that answers for every case. A household's cases are compared together, whatever numbers they bear.

    A case of which the clause does not speak is no answer: what else makes a case is not the clause's matter.
    """

    judge: Callable[[County, date], Iterator[tuple[str, str]]]
    columns = ("household_key",)
    speaks_of_regions = False

    def answers(self, county: County, days: list[date]) -> Iterator[tuple[Subject, list[str]]]:
        """Every household that has such a case, with the answers for its cases."""
        found = defaultdict(list)
        for number, answer in self.judge(county, days[-1]):
            if answer != NOT_APPLICABLE:
                found[number].append(answer)
        yield from ((Subject(number), sorted(answers)) for number, answers in found.items())


@dataclass(frozen=True)
class OfCounties:
    """A rule that answers for every county and month, perhaps for several offices; a model may have more regions."""

    judge: Callable[[County, date], list[str]]
    columns = ("region_code", "as_of_date")
    speaks_of_regions = True

    def answers(self, county: County, days: list[date]) -> Iterator[tuple[Subject, list[str]]]:
        """The county on every day on which it is known."""
        for today in days:
            if county.register.in_force(today) is not None:
                yield Subject(county.region.ljust(12, "0"), today), self.judge(county, today)


ORACLE: dict[str, OfHouseholds | OfCases | OfCounties] = {
    "R01": OfHouseholds(who.r01),
    "R02": OfHouseholds(who.r02),
    "R03": OfHouseholds(who.r03),
    "R04": OfHouseholds(who.r04),
    "R05": OfHouseholds(who.r05),
    "R07": OfHouseholds(who.r07),
    "R09": OfHouseholds(who.r09),
    "R33": OfCounties(procedure.r33),
    **{rule: OfCases(judge) for rule, judge in ladder.JUDGES.items()},
    "R47": OfHouseholds(aid.r47),
    "R51": OfHouseholds(aid.r51),
    "R57": OfHouseholds(aid.r57),
    "R60": OfHouseholds(aid.r60),
    "R61": OfHouseholds(aid.r61),
    "R66": OfHouseholds(aid.r66),
}
