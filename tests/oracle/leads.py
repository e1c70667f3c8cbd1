"""R34, §3(1) 及时将监测预警信息反馈基层核实: which leads there were, and how soon each was looked into."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from tests.oracle import policy
from tests.oracle.clues import clues
from tests.oracle.county import County
from tests.oracle.deliveries import day
from tests.oracle.procedure import working_days_after
from tests.oracle.screening import Signal, registered, screened, told_once
from tests.oracle.standing import raised
from tests.oracle.three_valued import NOT_APPLICABLE, UNKNOWN, status


@dataclass(frozen=True)
class Lead:
    """One trouble of one household: from its first signal until no sign of it came for long (ADR 0013)."""

    signals: tuple[Signal, ...]
    next_opened: date

    @property
    def household(self) -> str:
        return self.signals[0].household

    @property
    def pushed(self) -> date | None:
        """The day on which it could first stand on its township's list; what the township found itself never does."""
        return min((signal.since for signal in self.signals if signal.is_pushed), default=None)

    def is_answered_on(self, verified: date) -> bool:
        """Whether what a township found on that day speaks of the lead: from its first day on, while it lives."""
        last = self.signals[-1].since + timedelta(days=policy.LEAD_GAP_DAYS)
        return self.signals[0].since <= verified <= last and verified < self.next_opened


def leads(county: County, today: date) -> list[Lead]:
    """Every lead that was open by the day."""
    told: dict[tuple[str, str], list[Signal]] = defaultdict(list)
    for signal in (*screened(county), *clues(county), *raised(county, today)):
        if signal.since <= today and signal.household in registered(county, signal.since):
            told[signal.household, signal.cause].append(signal)
    found = []
    for signals in told.values():
        after = date.max
        for episode in reversed(_episodes(sorted(signals, key=lambda signal: signal.since))):
            found.append(Lead(tuple(episode), after))
            after = episode[0].since
    return found


def _episodes(signals: list[Signal]) -> list[list[Signal]]:
    """Parted where no sign came for longer than the gap."""
    found = [[signals[0]]]
    for before, signal in pairwise(signals):
        if (signal.since - before.since).days > policy.LEAD_GAP_DAYS:
            found.append([])
        found[-1].append(signal)
    return found


def answers(county: County, today: date) -> dict[str, list[date]]:
    """By household: the days on which a township said what it found, when sent to look or asked by the household.

    A row without a result is not yet an answer; an application taken back says nothing about the risk.
    """
    found = defaultdict(list)
    for since, row in told_once(county, "verdicts", "核查日期"):
        verified = day(row["核查日期"])
        if row["核查结果"] and verified is not None and since <= today:
            found[row["户编号"]].append(verified)
    for since, row in told_once(county, "self_reports", "申请日期"):
        settled = day(row["结果录入日期"])
        if row["处理结果"] in policy.DECIDED and settled is not None and since <= today:
            found[row["户编号"]].append(settled)
    return found


def answer(lead: Lead, verified: list[date], today: date) -> str:
    """Looked into within the working days allowed, which do not count the day of pushing; or still in time for it."""
    if lead.pushed is None:
        return NOT_APPLICABLE
    stopped = min((on for on in verified if lead.is_answered_on(on)), default=today)
    taken = working_days_after(lead.pushed, max(stopped, lead.pushed))
    return UNKNOWN if taken is None else status(taken > policy.LEAD_WORKING_DAYS)


def r34(county: County, today: date) -> Iterator[tuple[str, str]]:
    """The answer for every lead, by its household."""
    verified = answers(county, today)
    for lead in leads(county, today):
        yield lead.household, answer(lead, verified[lead.household], today)
