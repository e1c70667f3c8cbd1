"""Which rules the oracle answers; each is held against its model. The one list to extend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.oracle import (
    aid,
    contacts,
    incomes,
    ladder,
    leads,
    leaving,
    money,
    offices,
    policy,
    presence,
    procedure,
    records,
    who,
)
from tests.oracle.county import County
from tests.oracle.duty import Held, judged_apart, places
from tests.oracle.households import HouseholdOnDay, households_on
from tests.oracle.three_valued import NOT_APPLICABLE


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
    """A rule that answers for every case, or lead. A household's are compared together, whatever numbers they bear.

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


@dataclass(frozen=True)
class OfDuties:
    """A rule that judges the duties of places, perhaps of several offices: villages, townships and the county."""

    judge: Callable[[County, date], Held]
    asked: Fraction
    digits: int  # of the code of the smallest place that is held: 12 for a village, 6 for a county
    columns = ("region_code", "as_of_date")
    speaks_of_regions = True

    def answers(self, county: County, days: list[date]) -> Iterator[tuple[Subject, list[str]]]:
        """Each place that holds or is held, from the smallest that the clause holds on, with an answer an office."""
        for today in days:
            if county.register.in_force(today) is None:
                continue
            held = self.judge(county, today)
            by_office = defaultdict(list)
            for (place, office), duties in held.items():
                by_office[office].append((place, duties))
            for place, inside in places(county, today, self.digits):
                pooled = {o: [one for at, one in told if at.startswith(inside)] for o, told in by_office.items()}
                yield Subject(place, today), judged_apart(pooled, self.asked)


ORACLE: dict[str, OfHouseholds | OfCases | OfCounties | OfDuties] = {
    "R01": OfHouseholds(who.r01),
    "R02": OfHouseholds(who.r02),
    "R03": OfHouseholds(who.r03),
    "R04": OfHouseholds(who.r04),
    "R05": OfHouseholds(who.r05),
    "R06": OfHouseholds(incomes.r06),
    "R07": OfHouseholds(who.r07),
    "R09": OfHouseholds(who.r09),
    "R28": OfDuties(presence.r28, policy.ALL, 6),
    "R30": OfDuties(presence.r30, policy.AWARE, 12),
    "R31": OfDuties(presence.r31, policy.VISITED, 12),
    "R32": OfDuties(presence.r32, policy.ALL, 12),
    "R33": OfCounties(procedure.r33),
    "R34": OfCases(leads.r34),
    "R35": OfDuties(presence.r35, policy.ALL, 12),
    **{rule: OfCases(judge) for rule, judge in ladder.JUDGES.items()},
    "R47": OfHouseholds(leaving.r47),
    "R49": OfCases(leaving.r49),
    "R50": OfHouseholds(leaving.r50),
    "R51": OfHouseholds(leaving.r51),
    "R52": OfDuties(records.r52, policy.ALL, 12),
    "R53": OfHouseholds(aid.r53),
    "R54": OfDuties(records.r54, policy.FRESH, 12),
    "R55": OfDuties(records.r55, policy.RECONCILED, 6),
    "R56": OfCounties(money.r56),
    "R57": OfHouseholds(aid.r57),
    "R58": OfHouseholds(aid.r58),
    "R59": OfHouseholds(aid.r59),
    "R60": OfHouseholds(aid.r60),
    "R61": OfHouseholds(aid.r61),
    "R62": OfHouseholds(aid.r62),
    "R64": OfHouseholds(contacts.r64),
    "R65": OfHouseholds(contacts.r65),
    "R66": OfHouseholds(contacts.r66),
    "R67": OfHouseholds(aid.r67),
    "R71": OfDuties(offices.r71, policy.ANSWERED, 6),
    "R72": OfDuties(offices.r72, policy.ALL, 6),
    "R73": OfDuties(offices.r73, policy.ALL, 6),
    "R74": OfDuties(records.r74, policy.ENTERED, 12),
    "R76": OfDuties(records.r76, policy.BASELINE_KEPT, 12),
    "R77": OfDuties(records.r77, policy.HELPED, 12),
}
COMPARED = tuple(sorted(ORACLE))
