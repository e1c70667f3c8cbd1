"""Duties of regions: what is due, kept and not known at the smallest place that is held, and how that is judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

from tests.oracle import policy
from tests.oracle.county import County
from tests.oracle.deliveries import Delivery, Row, deliveries, last_day, month, month_of
from tests.oracle.households import HouseholdOnDay, households_on
from tests.oracle.three_valued import CLEAR, NOT_APPLICABLE, RAISED, UNKNOWN, Truth


@dataclass(frozen=True)
class Duties:
    """Duties due, of these kept for sure, and of these not known to be kept or not."""

    due: int
    kept: int
    unknown: int


NOT_TOLD = Duties(1, 0, 1)
# By place and, where they are judged apart, department or class of households; "" where the duties are one.
Held = dict[tuple[str, str], Duties]


def duties(kept: Iterable[Truth]) -> Duties:
    """One duty for each answer to whether it was kept."""
    told = list(kept)
    return Duties(len(told), told.count(True), told.count(None))


def judged(told: list[Duties], asked: Fraction) -> str:
    """ADR 0015: raised if too little is kept even should all that is unknown be kept; clear if enough is for sure."""
    due, kept, unknown = (sum(getattr(one, count) for one in told) for count in ("due", "kept", "unknown"))
    if not told:
        return UNKNOWN
    if due == 0:
        return NOT_APPLICABLE
    if kept + unknown < asked * due:
        return RAISED
    return CLEAR if kept >= asked * due else UNKNOWN


def judged_apart(told: dict[str, list[Duties]], asked: Fraction) -> list[str]:
    """Each office, or class of households, on its own; "nothing due" towards a class only if nobody may be of it."""
    answers = []
    for office, own in told.items():
        answer = judged(own, asked)
        perhaps = [one for other, duties in told.items() if office in policy.MAY_BE.get(other, ()) for one in duties]
        is_open = answer == NOT_APPLICABLE and any(one.due for one in perhaps)
        answers.append(UNKNOWN if is_open else answer)
    return sorted(answers)


def newest_period(today: date, months: int, days: int) -> tuple[int, int]:
    """First and last month of the newest month, quarter or year whose report, due after so many days, was due."""
    ends = month_of(today)
    while (ends + 1) % months or last_day(ends) + timedelta(days=days) > today:
        ends -= 1
    return ends - months + 1, ends


@cache
def files(county: County, feed: str, kind: str = "") -> list[Delivery]:
    """A feed's files that speak of the county: its own, or the prefecture's, which speaks for each of its counties."""
    found = deliveries(county.inbox, feed, county.known_at)
    return [d for d in found if kind in d.kind and d.region[:6] in (county.region, county.region[:4] + "00")]


@cache
def told(county: County, feed: str, kind: str = "") -> list[tuple[date, Row]]:
    """Every row of a feed's files with the day on which it was first told."""
    first: dict[tuple[tuple[str, str], ...], tuple[date, Row]] = {}
    for file in files(county, feed, kind):
        for row in file.rows:
            first.setdefault(tuple(row.items()), (file.received, row))
    return list(first.values())


def is_reported(county: County, today: date, feed: str, number: int, kind: str = "") -> bool:
    """Whether the report of that month is there, even if nothing is in it."""
    return any(month(f.period) == number and f.received <= today for f in files(county, feed, kind))


@cache
def households(county: County, today: date) -> list[HouseholdOnDay]:
    """The households registered on the day."""
    return households_on(county, today)


@cache
def villages(county: County, today: date) -> list[str]:
    """The villages in which a household is registered; they, their townships and the county are held."""
    return sorted({household.row["村编码"] for household in households(county, today)})


def places(county: County, today: date, most: int) -> Iterator[tuple[str, str]]:
    """The county, townships and villages, with the digits that all places in them share: `most` for the smallest."""
    for digits in (6, 9, 12):
        for inside in sorted({village[:digits] for village in villages(county, today) if digits <= most}):
            yield inside.ljust(12, "0"), inside
