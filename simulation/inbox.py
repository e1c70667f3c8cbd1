"""Writes deliveries into the inbox and keeps the arrival manifest. What would arrive after the end is not written."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow.compute as pc

from simulation import assumptions as a
from simulation import dirt
from simulation.columns import Columns
from simulation.draws import generator
from simulation.effects import Delay
from simulation.workbooks import joined_bytes, write_workbook


def csv_text(columns: Columns, line_end: str = "\r\n") -> str:
    """The header and one line a row, each ended. Cells hold no comma unless they bring their own quotes."""
    header = ",".join(columns) + line_end
    height = len(next(iter(columns.values())))
    pieces = [header]
    for start in range(0, height, _ROWS_AT_ONCE):  # a column of text holds two GB at most
        part = [c.slice(start, _ROWS_AT_ONCE) for c in columns.values()]
        *cells, last = part
        ended = pc.binary_join_element_wise(last, line_end, "")
        rows = pc.binary_join_element_wise(*cells, ended, ",") if cells else ended
        pieces.append(str(joined_bytes(rows), "utf-8"))
    return "".join(pieces)


_ROWS_AT_ONCE = 500_000


@dataclass
class Inbox:
    """The inbox of one world. end: the last moment at which anything arrives. feeds: the others are not written."""

    root: Path
    end: datetime
    seed: int
    dirt_share: float
    delays: Sequence[Delay] = ()
    feeds: Collection[str] | None = None
    rows: Counter[str] = field(default_factory=Counter)
    arrivals: list[tuple[str, datetime]] = field(default_factory=list)
    planted: list[tuple[str, int, dirt.Planted]] = field(default_factory=list)

    def takes(self, received_at: datetime) -> bool:
        return received_at <= self.end

    def is_written(self, feed: str) -> bool:
        return self.feeds is None or feed in self.feeds

    def _on_its_day(self, feed: str, name: str, received_at: datetime) -> datetime:
        """When it comes, where deliveries of its time are late."""
        for delay in self.delays:
            received_at = delay.moved(feed, name, received_at)
        return received_at

    def write_bytes(self, feed: str, name: str, content: bytes, received_at: datetime, rows: int) -> None:
        """One delivery, verbatim. Nothing happens when it comes after the end."""
        moment = self._on_its_day(feed, name, received_at)
        if self.is_written(feed) and self.takes(moment):
            self._place(feed, name, moment, rows).write_bytes(content)

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
        moments = self._moments(feed, name, received_at)
        if not moments:
            return
        columns = self._spoilt(feed, moments[0][0], columns, above, totalled=bool(below))
        text = "".join(f"{line}\r\n" for line in above) + csv_text(columns) + "".join(f"{x}\r\n" for x in below)
        content = text.encode(encoding)
        for file_name, moment in moments:
            self._place(feed, file_name, moment, len(next(iter(columns.values())))).write_bytes(content)

    def write_xlsx(
        self,
        feed: str,
        name: str,
        columns: Columns,
        received_at: datetime,
        *,
        above: Sequence[str] = (),
        totals: Mapping[str, float] | None = None,
    ) -> None:
        """One sheet, numbers as numbers and text as text, below a merged title if there is one, above its totals."""
        moments = self._moments(feed, name, received_at)
        if not moments:
            return
        columns = self._spoilt(feed, moments[0][0], columns, above, totalled=totals is not None)
        first, *others = [
            self._place(feed, file_name, moment, len(next(iter(columns.values())))) for file_name, moment in moments
        ]
        write_workbook(first, columns, received_at, above=above, totals=totals)
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

    def write_planted(self, path: Path) -> None:
        """dirt.csv: each spoilt row by file and line, the fault, and what must become of the row."""
        with path.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(("file", "row", "column", "kind", "fate"))
            for file, row, fault in sorted(self.planted, key=lambda x: (x[0], x[1], x[2].header)):
                writer.writerow((file, row, fault.header, fault.kind, fault.fate))

    def _place(self, feed: str, name: str, moment: datetime, rows: int) -> Path:
        folder = self.root / feed
        folder.mkdir(parents=True, exist_ok=True)
        self.arrivals.append((f"{feed}/{name}", moment))
        self.rows[feed] += rows
        return folder / name

    def _spoilt(self, feed: str, name: str, columns: Columns, above: Sequence[str], *, totalled: bool) -> Columns:
        if not self.dirt_share:
            return columns
        rng = generator(self.seed, "dirt", name)
        workbook = name.endswith(".xlsx")
        scaled = any("万元" in line or "亿元" in line for line in above)
        spoilt, planted = dirt.spoil(
            rng, feed, columns, self.dirt_share, workbook=workbook, totalled=totalled, scaled=scaled
        )
        # Counted as a spreadsheet counts: the header stands on the line after those above it.
        self.planted += [(f"{feed}/{name}", p.row + len(above) + 2, p) for p in planted]
        return spoilt

    def _moments(self, feed: str, name: str, received_at: datetime) -> list[tuple[str, datetime]]:
        """The name and time of each arrival of this file: once, unless dirt makes it late or has it sent again."""
        if not self.is_written(feed):
            return []
        received_at = self._on_its_day(feed, name, received_at)
        moments = [(name, received_at)]
        if self.dirt_share:
            rng = generator(self.seed, "late", name)
            if rng.random() < a.LATE_FILE_SHARE:
                moments = [(name, received_at + timedelta(days=int(rng.integers(*a.LATE_FILE_DAYS))))]
            if rng.random() < a.REPEATED_FILE_SHARE:
                moments.append((f"重发_{name}", moments[0][1] + timedelta(days=1)))
        return [(n, m) for n, m in moments if self.takes(m)]
