"""One county's files by feed, and what they say of each household's income over the years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from tests.oracle.deliveries import Delivery, Row, deliveries, last_day, money, month, month_of

EARNED = ("工资性收入", "粮食种植收入", "林果业收入", "生猪养殖收入", "其他经营收入")
UNEARNED = ("财产性收入", "转移性收入")


@dataclass(frozen=True)
class Statement:
    """Net income of a window that ends with `to_month`, and what of it is earned: None if a component is blank."""

    to_month: int
    usable_from: date
    net: Decimal | None
    earned: Decimal | None
    named_shock: str
    row: Row


def _sum(parts: list[Decimal | None], less: Decimal | None) -> Decimal | None:
    """The sum of the parts less what it cost; None if one of them is not known."""
    known = [part for part in parts if part is not None]
    return None if less is None or len(known) < len(parts) else sum(known, Decimal(0)) - less


class Lists:
    """Files of one kind and county in the order of their months, each usable from its month's end or its coming."""

    def __init__(self, files: list[Delivery]) -> None:
        # A month sent twice keeps the day of its first coming and takes the content of its last (ADR 0002).
        first = {f.period: f for f in reversed(files)}
        self._files = {month(f.period): f for f in files}
        self.usable = {month(p): max(last_day(month(p)), f.received) for p, f in first.items()}

    def in_force(self, today: date) -> int | None:
        """The newest month whose list could be used on this day."""
        return max((m for m, since in self.usable.items() if since <= today), default=None)

    def file(self, number: int) -> Delivery:
        """A month's list."""
        return self._files[number]

    def rows(self, number: int) -> list[Row]:
        """The rows of a month's list."""
        return self._files[number].rows

    def before(self, today: date) -> int | None:
        """The list that was in force on the last day of the month before."""
        return self.in_force(last_day(month_of(today) - 1))

    def months(self, today: date) -> list[int]:
        """All months whose lists could be used on this day, the oldest first."""
        return sorted(m for m, since in self.usable.items() if since <= today)


class County:
    """One county's deliveries."""

    def __init__(self, inbox: Path, region: str, known_at: datetime) -> None:
        def files(feed: str, kind: Callable[[str], bool] = lambda _: True) -> list[Delivery]:
            return [d for d in deliveries(inbox, feed, known_at) if d.region[:6] == region and kind(d.kind)]

        self.register = Lists(files("household_register", lambda kind: kind.endswith("_户")))
        self.persons = Lists(files("household_register", lambda kind: kind.endswith("_人")))
        self.restated = files("household_register", lambda kind: "收入变动" in kind)
        self.monitored = Lists(files("national_monitored_export"))
        self.medical = Lists(files("medical_insurance"))
        self.employment = Lists(files("hrss_employment"))
        self.helpers = Lists(files("helpers"))
        self.measures = Lists(files("measures"))
        self.relief = Lists(files("civil_affairs"))
        self.applications = files("self_reports")
        self.steps = files("procedure_events")
        self.fires = files("fires")
        self.payments = files("funds", lambda kind: kind == "资金支付")
        self.closings = files("household_register", lambda kind: "户籍变动" in kind)
        self.comparisons = deliveries(inbox, "comparison_results", known_at)  # one file for the whole prefecture
        self.screenings = [d for d in deliveries(inbox, "screening_runs", known_at) if "筛查" in d.kind]
        self.inbox, self.known_at = inbox, known_at
        self.region, self.known_on = region, known_at.date()
        self._indexed: dict[tuple[Path, str], dict[str, list[Row]]] = {}

    def by(self, lists: Lists, number: int, heading: str) -> dict[str, list[Row]]:
        """A list's rows by the value under one heading."""
        return self.of(lists.file(number), heading)

    def of(self, file: Delivery, heading: str) -> dict[str, list[Row]]:
        """A file's rows by the value under one heading."""
        place = (file.path, heading)
        if place not in self._indexed:
            found = defaultdict(list)
            for row in file.rows:
                found[row[heading]].append(row)
            self._indexed[place] = found
        return self._indexed[place]

    @cached_property
    def households(self) -> set[str]:
        """Every household that a register of the county has listed."""
        return {row["户编号"] for number in self.register.usable for row in self.register.rows(number)}

    @cached_property
    def statements(self) -> dict[str, list[Statement]]:
        """Every household's income statements, of the yearly register and of the changes in between."""
        found: dict[str, dict[int, Statement]] = defaultdict(dict)
        told: list[tuple[date, date, Row]] = []
        for number, since in self.register.usable.items():
            told += [(since, since, row) for row in self.register.rows(number)]
        for file in self.restated:
            told += [(max(last_day(month(file.period)), file.received), file.received, row) for row in file.rows]
        for since, _, row in sorted(told, key=lambda entry: (entry[0], entry[1])):
            to_month = month(row["收入截止月"])
            earned = _sum([money(row[head]) for head in EARNED], less=money(row["生产经营性支出"]))
            net = _sum([earned, *(money(row[head]) for head in UNEARNED)], less=Decimal(0))
            usable = max(since, last_day(to_month))
            # ADR 0009: a restated income that names what befell the household. The yearly register tells of the same
            # window again and gives no reasons: what was named stays named.
            before = found[row["户编号"]].get(to_month)
            # ADR 0002: what is told again of the same window keeps the day on which it could first be used.
            usable = usable if before is None else min(usable, before.usable_from)
            named = row.get("变动原因", "") or (before.named_shock if before is not None else "")
            found[row["户编号"]][to_month] = Statement(to_month, usable, net, earned, named, row)
        return {h: sorted(by_month.values(), key=lambda s: s.to_month) for h, by_month in found.items()}
