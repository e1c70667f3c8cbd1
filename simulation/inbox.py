"""Writes deliveries into the inbox and keeps the arrival manifest. What would arrive after the end is not written."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter

from simulation import assumptions as a
from simulation import dirt
from simulation.columns import Columns
from simulation.draws import generator


def csv_lines(columns: Columns) -> list[str]:
    """The header and one line a row. Cells hold no comma unless they bring their own quotes."""
    if not columns or not len(next(iter(columns.values()))):
        return [",".join(columns)]
    rows = pc.binary_join_element_wise(*columns.values(), ",")
    return [",".join(columns), *rows.to_pylist()]


@dataclass
class Inbox:
    """The inbox of one world. end: the last moment at which anything arrives."""

    root: Path
    end: datetime
    seed: int
    dirt_share: float
    rows: Counter[str] = field(default_factory=Counter)
    arrivals: list[tuple[str, datetime]] = field(default_factory=list)

    def takes(self, received_at: datetime) -> bool:
        return received_at <= self.end

    def write_bytes(self, feed: str, name: str, content: bytes, received_at: datetime, rows: int) -> None:
        """One delivery, verbatim. Nothing happens when it comes after the end."""
        if not self.takes(received_at):
            return
        self._place(feed, name, received_at, rows).write_bytes(content)

    def write_csv(
        self,
        feed: str,
        name: str,
        columns: Columns,
        received_at: datetime,
        *,
        encoding: str = "utf-8",
        above: Sequence[str] = (),
        below: Sequence[str] = (),
    ) -> None:
        """A CSV with optional lines above its header and below its rows."""
        moments = self._moments(name, received_at)
        if not moments:
            return
        columns = self._spoilt(name, columns, totalled=bool(below))
        text = "\r\n".join([*above, *csv_lines(columns), *below]) + "\r\n"
        content = text.encode(encoding)
        for file_name, moment in moments:
            self._place(feed, file_name, moment, len(next(iter(columns.values())))).write_bytes(content)

    def write_xlsx(
        self,
        feed: str,
        name: str,
        columns: Columns,
        received_at: datetime,
        title: str | None = None,
        *,
        above: Sequence[str] = (),
    ) -> None:
        """One sheet, numbers as numbers and text as text (also when empty), below a merged title if there is one.

        above: lines over the header, the first of them merged: a title, and perhaps a unit line.
        """
        moments = self._moments(name, received_at)
        if not moments:
            return
        columns = self._spoilt(name, columns)
        first, *others = [
            self._place(feed, file_name, moment, len(next(iter(columns.values())))) for file_name, moment in moments
        ]
        _workbook(first, columns, received_at, above if title is None else (title, *above))
        for other in others:
            other.write_bytes(first.read_bytes())

    def write_manifest(self) -> Path:
        """arrivals.csv: each file and when it came in, in order of arrival."""
        path = self.root / "arrivals.csv"
        with path.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(("file", "received_at"))
            for file, moment in sorted(self.arrivals, key=lambda x: (x[1], x[0])):
                writer.writerow((file, moment.isoformat()))
        return path

    def _place(self, feed: str, name: str, moment: datetime, rows: int) -> Path:
        folder = self.root / feed
        folder.mkdir(parents=True, exist_ok=True)
        self.arrivals.append((f"{feed}/{name}", moment))
        self.rows[feed] += rows
        return folder / name

    def _spoilt(self, name: str, columns: Columns, *, totalled: bool = False) -> Columns:
        if not self.dirt_share:
            return columns
        rng = generator(self.seed, "dirt", name)
        return dirt.spoil(rng, columns, self.dirt_share, quoted=name.endswith(".csv"), totalled=totalled)

    def _moments(self, name: str, received_at: datetime) -> list[tuple[str, datetime]]:
        """The name and time of each arrival of this file: once, unless dirt makes it late or has it sent again."""
        moments = [(name, received_at)]
        if self.dirt_share:
            rng = generator(self.seed, "late", name)
            if rng.random() < a.LATE_FILE_SHARE:
                moments = [(name, received_at + timedelta(days=int(rng.integers(*a.LATE_FILE_DAYS))))]
            if rng.random() < a.REPEATED_FILE_SHARE:
                moments.append((f"重发_{name}", moments[0][1] + timedelta(days=1)))
        return [(n, m) for n, m in moments if self.takes(m)]


def _workbook(path: Path, columns: Columns, created: datetime, above: Sequence[str]) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    # The only clock in a workbook: fixed, so that the same world has the same bytes.
    book.set_properties({"created": created.replace(tzinfo=None, microsecond=0)})
    sheet = book.add_worksheet("Sheet1")
    top = len(above)
    for row, line in enumerate(above):
        if row == 0:
            sheet.merge_range(0, 0, 0, len(columns) - 1, line)
        else:
            sheet.write_string(row, 0, line)
    for place, header in enumerate(columns):
        sheet.write_string(top, place, header)
    writers = [sheet.write_string if pa.types.is_string(c.type) else sheet.write_number for c in columns.values()]
    for row, cells in enumerate(zip(*(c.to_pylist() for c in columns.values()), strict=True), start=top + 1):
        for place, cell in enumerate(cells):
            if cell is not None:
                writers[place](row, place, cell)
    book.close()
