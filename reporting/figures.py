"""Figures: each number a reader sees, with the query that made it, its clause and the loads behind it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

Value = int | str | None
CODE_DIGITS = (2, 4, 6, 9, 12)


@dataclass(frozen=True)
class Figure:
    """One number (or one sentence of numbers) as shown.

    `sql` gives exactly one cell over the run's warehouse; `rows_sql` lists, by keys alone, what it was counted from.
    """

    trace_id: str
    key: str
    as_of_date: str
    label_zh: str
    value: Value
    unit: str
    sql: str
    rows_sql: str | None
    rule_id: str | None
    clause: str | None
    threshold_id: str | None
    loads: tuple[str, ...]


def quoted(text: str) -> str:
    """An SQL text literal. Figures carry their query whole, so that it can be run again without its maker."""
    return "'" + text.replace("'", "''") + "'"


def day(value: date | str) -> str:
    """An SQL date literal; raises ValueError for anything but an ISO date."""
    return f"date '{date.fromisoformat(str(value)).isoformat()}'"


def stem(region_code: str) -> str:
    """The digits of a 12-digit code that name a region: what the codes of everything below it start with."""
    if len(region_code) != CODE_DIGITS[-1] or not region_code.isdigit():
        raise ValueError(f"{region_code!r} is not a region code of 12 digits")
    return next(region_code[:n] for n in (0, *CODE_DIGITS) if set(region_code[n:]) <= {"0"})


def as_value(cell: Any) -> Value:
    """A cell as it is stored and compared: whole numbers as int, other numbers as plain decimal text."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int):
        return cell
    if isinstance(cell, float):
        return as_value(Decimal(str(round(cell, 6))))
    if isinstance(cell, Decimal):
        return int(cell) if cell == cell.to_integral_value() else format(cell.normalize(), "f")
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    raise TypeError(f"a figure cannot be a {type(cell).__name__}")


def evaluate(con: duckdb.DuckDBPyConnection, sql: str) -> Value:
    """The one cell that `sql` gives. Raises ValueError when it gives another shape."""
    rows = con.execute(sql).fetchall()
    if len(rows) != 1 or len(rows[0]) != 1:
        raise ValueError(f"a figure is one cell, this query gave {len(rows)} rows: {sql}")
    return as_value(rows[0][0])


class Registry:
    """Makes figures from one warehouse for one day, numbers them in order of first use, writes them out."""

    def __init__(self, con: duckdb.DuckDBPyConnection, as_of: date) -> None:
        self.con = con
        self.as_of = as_of
        self.figures: dict[str, Figure] = {}
        self._loads = con.execute(
            """
            select feed, load_id, coalesce(scope_region_code, '000000000000')
            from landing.loads
            where not is_withheld and known_at <= (select max(known_at) from landing.run_clock)
            order by feed, period_end_date, load_id
            """
        ).fetchall()

    def add(  # one argument for each fact that a figure must carry
        self,
        key: str,
        label_zh: str,
        unit: str,
        sql: str,
        *,
        rows_sql: str | None = None,
        rule_id: str | None = None,
        clause: str | None = None,
        threshold_id: str | None = None,
        feeds: tuple[str, ...] = (),
        region_code: str | None = None,
    ) -> Figure:
        """The figure under `key`, computed once. Raises ValueError if the key already stands for another query."""
        if key in self.figures:
            if self.figures[key].sql != sql:
                raise ValueError(f"figure key {key} stands for two queries")
            return self.figures[key]
        digest = hashlib.sha256(f"{key}|{self.as_of.isoformat()}".encode()).hexdigest()
        figure = Figure(
            trace_id=f"F{digest[:10]}",
            key=key,
            as_of_date=self.as_of.isoformat(),
            label_zh=label_zh,
            value=evaluate(self.con, sql),
            unit=unit,
            sql=sql,
            rows_sql=rows_sql,
            rule_id=rule_id,
            clause=clause,
            threshold_id=threshold_id,
            loads=self.loads(feeds, region_code),
        )
        self.figures[key] = figure
        return figure

    def loads(self, feeds: tuple[str, ...], region_code: str | None) -> tuple[str, ...]:
        """Ids of the loads of these feeds that the run could use and whose scope meets the region."""
        own = stem(region_code) if region_code else ""
        return tuple(
            load_id
            for feed, load_id, scope in self._loads
            if feed in feeds and (stem(scope).startswith(own) or own.startswith(stem(scope)))
        )

    def number(self, figure: Figure) -> int:
        """The figure's place in the list, from 1: what the text shows as a small raised number."""
        return list(self.figures).index(figure.key) + 1

    def write(self, path: Path, release_id: str) -> int:
        """Writes figures.json; returns how many figures it holds."""
        listed = [{"number": n, **asdict(f)} for n, f in enumerate(self.figures.values(), start=1)]
        document = {"release_id": release_id, "as_of_date": self.as_of.isoformat(), "figures": listed}
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return len(listed)
