"""An office's statements of events: gathered into one workbook a region and day, with nil returns for silent weeks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pyarrow as pa

from simulation import assumptions as a
from simulation.columns import Columns
from simulation.inbox import Inbox
from simulation.months import at, first_day, last_day
from simulation.regions import PREFECTURE
from simulation.story import World

Cell = str | int | float | None
WHOLE = PREFECTURE.ljust(6, "0")


def stamp(moment: datetime) -> str:
    """A moment as offices write it: Beijing time, to the second, without an offset."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def columns_of(headers: tuple[str, ...], rows: list[dict[str, Cell]]) -> Columns:
    """The rows as columns in the headers' order; a cell that a row does not have is blank."""
    cells = {header: [row.get(header) for row in rows] for header in headers}
    return {
        header: pa.array(column, pa.string()) if all(c is None for c in column) else pa.array(column)
        for header, column in cells.items()
    }


def silent_weeks(world: World, spoken: set[date]) -> list[date]:
    """The Mondays of the last months before the end on which the week before had no file of the prefecture's.

    And the world's first, without which nobody could tell a calm year from an office that has never spoken.
    """
    first, end = first_day(world.first_month), last_day(world.last_month)
    begin = max(first, end - timedelta(days=a.NIL_RETURN_DAYS))
    days = [first + timedelta(days=n) for n in range((end - first).days + 1)]
    mondays = [d for d in days if d.weekday() == 0 and (d >= begin or d < first + timedelta(days=7))]
    return [d for d in mondays if not any(d - timedelta(days=n) in spoken for n in range(7))]


@dataclass
class Statements:
    """Statements of one feed. title: what its files are called; headers: its columns, also of a nil return."""

    feed: str
    title: str
    headers: tuple[str, ...]
    _files: dict[tuple[str, date], list[tuple[datetime, dict[str, Cell]]]] = field(default_factory=dict)

    def say(self, region: str, received_at: datetime, cells: dict[str, Cell]) -> None:
        """One row, in the file that region (6 or 9 digits) sends on that day."""
        self._files.setdefault((region, received_at.date()), []).append((received_at, cells))

    def write(self, world: World, inbox: Inbox) -> None:
        """Every file, each when its last row was known, and the nil returns."""
        for (region, day), said in sorted(self._files.items(), key=lambda item: (item[0][1], item[0][0])):
            columns = columns_of(self.headers, [cells for _, cells in said])
            name = f"{self.title}_{region}_{day:%Y%m%d}.xlsx"
            inbox.write_xlsx(self.feed, name, columns, max(moment for moment, _ in said))
        for day in silent_weeks(world, {day for _, day in self._files}):
            self.write_nil(inbox, day)

    def write_nil(self, inbox: Inbox, day: date) -> None:
        """A file with its header alone: nothing happened, and the office said so."""
        name = f"{self.title}_{WHOLE}_{day:%Y%m%d}.xlsx"
        inbox.write_xlsx(self.feed, name, columns_of(self.headers, []), at(day, 9.0))
