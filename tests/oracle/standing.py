"""The rules of §2(1) whose findings send a township to look: from which day a month that was raised speaks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tests.oracle import who
from tests.oracle.county import County, Lists
from tests.oracle.deliveries import month_ends
from tests.oracle.households import HouseholdOnDay, households_on
from tests.oracle.screening import Signal, registered
from tests.oracle.three_valued import RAISED


def _since(lists: Lists, today: date) -> date:
    """The day from which the list in force could be used; one that is not there proves nothing."""
    newest = lists.in_force(today)
    return date.max if newest is None else lists.usable[newest]


def _stated(household: HouseholdOnDay) -> date:
    return household.statement.usable_from if household.statement else date.max


def _struck(household: HouseholdOnDay) -> date:
    """The earliest day from which a shock could be known, by whichever source shows it first."""
    county, today, shown = household.county, household.today, household.shown_shocks
    told = {"因病": _since(county.medical, today), "因务工就业不稳": _since(county.employment, today)}
    days = [told.get(risk, _stated(household)) for risk, stands in shown.items() if stands]
    if household.statement and household.statement.named_shock:
        days.append(_stated(household))
    return min([*days, *([_since(county.monitored, today)] if household.listed_risks else [])], default=date.max)


def _guaranteed(household: HouseholdOnDay) -> date:
    return household.county.register.usable[household.edition]


def _below_the_line(household: HouseholdOnDay) -> date:
    """The income, and a risk beside it."""
    risk = min(_struck(household), _guaranteed(household) if household.lacks_a_guarantee else date.max)
    return max(_stated(household), risk)


def _hit_hard(household: HouseholdOnDay) -> date:
    """Large self-pay is shock and burden in one; against the income it needs that too; a fall needs its shock."""
    paid = _since(household.county.medical, household.today)
    proofs = [
        (household.self_pay_is_large, paid),
        (household.self_pay_eats_income, max(paid, _stated(household))),
        (household.income_fell, max(_stated(household), _struck(household))),
    ]
    return min(since for holds, since in proofs if holds)


LEAD = {
    "R03": (who.r03, _below_the_line),
    "R04": (who.r04, _below_the_line),
    "R05": (who.r05, _hit_hard),
    "R07": (who.r07, _guaranteed),
}


def raised(county: County, today: date) -> Iterator[Signal]:
    """For every month that was raised: its first day, or the day from which what raised it could be used.

    A household that was not registered yet on that day is told of from its register on.
    """
    begins = min(county.register.usable.values(), default=today)
    for end in month_ends(begins, today):
        for household in households_on(county, end):
            for rule, (judge, known) in LEAD.items():
                if judge(household) == RAISED:
                    since = max(end.replace(day=1), known(household))
                    if household.number not in registered(county, since):
                        since = max(since, _guaranteed(household))
                    yield Signal(household.number, rule, since, is_pushed=True)
