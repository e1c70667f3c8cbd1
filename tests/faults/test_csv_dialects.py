"""Fault 23: every pollution of a CSV file is read exactly or refused. A shifted column is the worst that can happen."""

from __future__ import annotations

import pyarrow as pa
import pytest

from ingest.contracts import contracts
from ingest.errors import DeliveryError
from ingest.readers import Parsed, Spec, csv_text, text_table
from ingest.sandbox import reader_spec
from ingest.values import plain
from tests.faults.dialects import Row, joined, pollutions
from tests.faults.harness import Guard, fault

POLLUTIONS = dict(pollutions())
POLLUTIONS["sound"] = lambda header, rows: joined(header, rows).encode()
TEMPLATES = {"medical_insurance": "2021-{n:02d}", "prices_market": "2021-01-{n:02d}"}
HARMLESS = ("exact", "as written", "refused")
COMMON = (
    *("sound", "delimiter ';'", "delimiter '\\t'", "quote '\"'", "line ending '\\n'", "encoding gb18030"),
    *("encoding utf-8-sig", "encoding utf-16", "a preamble", "no line end at the end"),
)


def sound(feed: str, count: int = 28) -> tuple[Row, list[Row]]:
    """The feed's header and as many rows, no cell like its neighbour, so that any shift shows."""
    table = contracts()[feed].tables[0]
    rows = []
    for number in range(1, count + 1):
        row = []
        for position, column in enumerate(table.columns):
            if column.kind in ("month", "date"):
                row.append(TEMPLATES[feed].format(n=number % 12 + 1))
            elif column.kind in ("text", "code", "personal_name", "id_number", "household_no"):
                row.append(f"甲{position}乙{number}")
            else:
                row.append(f"{position}{number:02d}.5")
        rows.append(row)
    return [c.header for c in table.columns], rows


def cells(rows: pa.Table, columns: list[str]) -> list[list[str]]:
    """The rows as cells, less what a landing takes for nothing (spaces at the ends)."""
    return [[plain(row.get(name) or "") for name in columns] for row in rows.to_pylist()]


def fate(feed: str, name: str) -> str:
    """`exact`, `as written` (every cell in its place, a stray sign beside its text), `refused`, or what went wrong."""
    header, rows = sound(feed)
    content = POLLUTIONS[name](header, rows)
    try:
        parsed = csv_text.read(content, "a file", reader_spec(contracts()[feed]))
    except DeliveryError:
        return "refused"
    found = cells(parsed.rows, [c.name for c in contracts()[feed].tables[0].columns])
    if found == rows:
        return "exact"
    if [[cell.strip("\\\"'“` ") for cell in row] for row in found] == rows:
        return "as written"
    pairs = zip(found, rows, strict=False)
    wrong = next((n for n, (a, b) in enumerate(pairs, 1) if a != b), min(len(found), len(rows)) + 1)
    return f"row {wrong} of {len(found)} differs, {len(rows)} were meant; left out: {parsed.left_out}"


def _shifting(content: bytes, file: str, spec: Spec) -> Parsed:
    """A reader as many scripts have it: splits at commas, fills up short rows, cuts long ones."""
    lines = content.decode("gb18030", "replace").splitlines()
    table = spec["tables"][0]
    width = len(table["columns"])
    rows = [(line.split(",") + [""] * width)[:width] for line in lines[1:] if line.strip()]
    columns: dict[str, list[str | None]] = {c["name"]: [r[n] for r in rows] for n, c in enumerate(table["columns"])}
    return Parsed(table["name"], text_table(columns, list(range(2, len(rows) + 2))))


@pytest.mark.parametrize("feed", TEMPLATES)
@pytest.mark.parametrize("name", POLLUTIONS)
def test_a_polluted_file_is_read_exactly_or_refused(feed: str, name: str) -> None:
    assert fate(feed, name) in HARMLESS


@pytest.mark.parametrize("feed", TEMPLATES)
@fault(23, Guard("ingest.readers.csv_text:read", _shifting))
def test_fault_23_no_pollution_shifts_a_column(feed: str) -> None:
    told = {name: fate(feed, name) for name in POLLUTIONS}
    assert not {name: what for name, what in told.items() if what not in HARMLESS}


@pytest.mark.parametrize("feed", TEMPLATES)
@pytest.mark.parametrize("name", COMMON)
def test_the_common_dialects_are_read_and_not_refused(feed: str, name: str) -> None:
    assert fate(feed, name) == "exact"
