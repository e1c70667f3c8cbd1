"""Which region and period a delivery speaks of, by its name and its rows; else it is refused."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ingest import values
from ingest.contracts import Contract, Table
from ingest.errors import BrokenContract
from ingest.home import BEIJING, prefectures


@dataclass(frozen=True)
class Place:
    """The region (12 digits) and the days, first and last, that a load describes."""

    scope_region_code: str
    start: date
    end: date


@dataclass(frozen=True)
class Named:
    """What a file's name says, as written; None where it says nothing."""

    region: str | None
    period: str | None

    @property
    def suffix(self) -> str:
        return "-".join(part for part in (self.region, self.period) if part)


def named(contract: Contract, file_name: str) -> Named:
    """The region and period in the file's name, by the contract's pattern."""
    found = contract.file_name.search(file_name) if contract.file_name else None
    groups = found.groupdict() if found else {}
    return Named(groups.get("region"), groups.get("period"))


def default_scope() -> str:
    """The whole of the first prefecture of this installation."""
    return prefectures()[0].ljust(12, "0")


def place(
    contract: Contract, table: Table, file: str, name: Named, spans: dict[str, tuple[Any, Any]], poll_at: str | None
) -> Place:
    """The delivery's place. `spans` gives the least and greatest value of its rows for `span_columns`.

    Raises BrokenContract if neither name nor rows tell the period, or if the name should tell the region and does not:
    a county's list must never pass for the prefecture's.
    """
    if contract.file_name and "region" in contract.file_name.groupindex and not name.region:
        raise BrokenContract(
            file,
            "a name without region and period",
            _pattern_in_words(contract),
            "Name the file as agreed and send it again.",
            code="bad_file_name",
        )
    scope = name.region.ljust(12, "0") if name.region else default_scope()
    # Events are dated one by one: the name says when they were sent, and speaks only for a file without rows.
    by_rows = _by_rows(contract, table, spans, poll_at) if table.period_from or not name.period else None
    days = by_rows or (_by_name(contract, file, name.period) if name.period else None)
    if days is None:
        raise BrokenContract(
            file,
            "no period in the file's name or in its rows",
            _pattern_in_words(contract),
            "Name the file as agreed and send it again.",
            code="no_period",
        )
    return Place(scope, *days)


def span_columns(table: Table) -> tuple[str, ...]:
    """The columns whose least and greatest values tell the period of the rows."""
    if table.period_from:
        return table.period_from
    return tuple(c.name for c in table.columns if c.kind == "month" and c.key_position)[:1]


def _by_name(contract: Contract, file: str, period: str) -> tuple[date, date]:
    try:
        if contract.period_unit == "year" or len(period) == 4:
            year = int(period[:4])
            return date(year, 1, 1), date(year, 12, 31)
        month = date(int(period[:4]), int(period[4:6]), 1)
        if len(period) == 8:
            day = date(month.year, month.month, int(period[6:8]))
            return day, day
    except ValueError as error:
        raise BrokenContract(
            file, f"the period {period} in the file's name", "a month that exists", "Rename the file.", code="no_period"
        ) from error
    # A yearly edition names the last month of the twelve that it describes.
    first = _months_back(month, 11) if contract.frequency == "y" else month
    return first, _month_end(month)


def _by_rows(
    contract: Contract, table: Table, spans: dict[str, tuple[Any, Any]], poll_at: str | None
) -> tuple[date, date] | None:
    if contract.period_unit == "event" and poll_at:
        moment = values.timestamp(poll_at)
        return _beijing_day(moment), _beijing_day(moment)
    columns = span_columns(table)
    if not columns or spans.get(columns[0], (None, None))[0] is None:
        return None
    if len(columns) == 2:  # a year and a week of the source's own counting: weeks are counted from 1 January
        (least, greatest) = spans[columns[0]][0], spans[columns[0]][1]
        return _week(*least)[0], _week(*greatest)[1]
    low, high = spans[columns[0]]
    if isinstance(low, datetime):
        return _beijing_day(low), _beijing_day(high)
    kind = next(c.kind for c in table.columns if c.name == columns[0])
    return low, _month_end(high) if kind == "month" else high


def _week(year: int, week: int) -> tuple[date, date]:
    first = date(year, 1, 1) + timedelta(days=7 * (week - 1))
    return first, first + timedelta(days=6)


def _beijing_day(moment: datetime) -> date:
    return moment.replace(tzinfo=UTC).astimezone(BEIJING).date()


def _month_end(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _months_back(month: date, count: int) -> date:
    index = month.year * 12 + month.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)


def _pattern_in_words(contract: Contract) -> str:
    groups: Sequence[str] = tuple(contract.file_name.groupindex) if contract.file_name else ()
    if "region" in groups:
        return "a name such as <title>_341302_202101.<ending>"
    return "a name such as <title>_202101.<ending>" if groups else "rows that carry their dates"
