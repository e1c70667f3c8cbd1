"""Finds the header among titles and unit lines, says which table it heads, and knows totals and footers by sight."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ingest.errors import BrokenContract, UnreadableFile
from ingest.readers import Spec
from ingest.readers.melting import family
from ingest.units import BY_KIND, IN_HEADING, in_unit_line
from ingest.values import plain

SEARCHED_ROWS = 10
ENOUGH = 0.6
_TOTAL = re.compile(r"(合|总)计[::]?")
_FOOTER = re.compile(r"(填表|制表|审核|填报|复核|备注|说明|注[::]|单位负责人|联系电话|报送)")


@dataclass(frozen=True)
class Heading:
    """Where the header stands (counted from 0) and which cell heads which column of which table."""

    row: int
    table: dict[str, Any]
    positions: dict[str, int]
    units: dict[str, str]
    unknown: list[str]
    family: dict[str, int]

    @property
    def wanted(self) -> dict[str, int]:
        """Every column to be read, those to be melted included."""
        return {**self.positions, **self.family}


def heading_key(text: str) -> str:
    """Two headings are the same heading when this is equal: no spaces or breaks, brackets in ASCII."""
    return re.sub(r"\s+", "", plain(text))


def find_heading(rows: Sequence[Sequence[str]], file: str, spec: Spec, sheet: str | None = None) -> Heading:
    """The heading in the first rows.

    Raises UnreadableFile if no row is like one, BrokenContract if one is but lacks a promised column or has one twice.
    """
    best: tuple[float, int, int, dict[str, Any]] | None = None
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        present = {_match_key(cell) for cell in row if cell}
        for table in spec["tables"]:
            known = _known(table)
            mandatory = [c for c in table["columns"] if not c["optional"]]
            hits = len({known[k] for k in present if k in known})
            share = sum(any(_match_key(h) in present for h in c["headers"]) for c in mandatory) / len(mandatory)
            if table.get("melt"):
                share = _melt_share(table, row)
            if share >= ENOUGH and (best is None or (share, hits) > best[:2]):
                best = (share, hits, index, table)
    if best is None:
        expected = "、".join(c["headers"][0] for c in spec["tables"][0]["columns"][:8])
        raise UnreadableFile(
            file,
            f"no header within the first {SEARCHED_ROWS} rows",
            f"a row with at least {ENOUGH:.0%} of the columns {expected}…",
            "Put the header row back, or send the file to the feed that it belongs to.",
            sheet=sheet,
        )
    _, _, index, table = best
    return _heading(rows[index], index, table, file, sheet)


def _match_key(text: str) -> str:
    return IN_HEADING.sub("", heading_key(text))


def _known(table: dict[str, Any]) -> dict[str, str]:
    return {_match_key(h): c["name"] for c in table["columns"] for h in c["headers"]}


def _melt_share(table: dict[str, Any], row: Sequence[str]) -> float:
    """A wide table is headed by its key columns and at least one column of the family that is melted."""
    present = {_match_key(cell) for cell in row}
    keys = [c for c in table["columns"] if c["name"] in table["melt"]["keys"]]
    family = any(re.fullmatch(table["melt"]["columns"], plain(cell)) for cell in row)
    return float(family and all(any(_match_key(h) in present for h in c["headers"]) for c in keys))


def _heading(row: Sequence[str], index: int, table: dict[str, Any], file: str, sheet: str | None) -> Heading:
    known, melt = _known(table), table.get("melt")
    positions: dict[str, int] = {}
    units: dict[str, str] = {}
    unknown: list[str] = []
    for position, cell in enumerate(row):
        name = known.get(_match_key(cell)) if cell else None
        if name is None:
            if cell and not (melt and re.fullmatch(melt["columns"], plain(cell))):
                unknown.append(plain(cell))
            continue
        if name in positions:
            raise BrokenContract(
                file,
                f"the header {plain(cell)} twice (columns {positions[name] + 1} and {position + 1})",
                "each column once",
                "Remove the column that does not belong and send the file again.",
                sheet=sheet,
                row=index + 1,
                column=plain(cell),
                code="duplicate_header",
            )
        positions[name] = position
        unit = IN_HEADING.search(heading_key(cell))
        if unit and unit[1] != "元":
            units[name] = unit[1]
    needed = melt["keys"] if melt else [c["name"] for c in table["columns"] if not c["optional"]]
    missing = [c for c in table["columns"] if c["name"] in needed and c["name"] not in positions]
    if missing:
        raise BrokenContract(
            file,
            "the headers " + "、".join(plain(c) for c in row if c)[:600],
            "the columns " + "、".join(c["headers"][0] for c in missing),
            "Restore the missing columns, or have the contract name the new heading as an alias.",
            sheet=sheet,
            row=index + 1,
            column=missing[0]["headers"][0],
            code="missing_column",
        )
    return Heading(index, table, positions, units, unknown, family(row, melt))


def apply_unit_line(heading: Heading, lines: Sequence[Sequence[str]]) -> dict[str, str]:
    """The columns' units: their own headings' word, else what the unit line names for columns of their kind."""
    cells = [cell for line in lines for cell in line if cell and "单位" in cell]
    named = {kind: u for cell in reversed(cells) for kind in BY_KIND if (u := in_unit_line(cell, kind))}
    by_line = {c["name"]: named[c["kind"]] for c in heading.table["columns"] if c["kind"] in named}
    return {**by_line, **heading.units}


def kind_of_row(cells: Sequence[str]) -> str | None:
    """`blank`, `totals`, `footer`, or None for a row of data."""
    words = [w for w in (plain(c) for c in cells) if w]
    if not words:
        return "blank"
    if any(_TOTAL.fullmatch(re.sub(r"\s", "", w)) for w in words[:3]):
        return "totals"
    # A footer fills few cells, and its first begins with a word that no row of data begins with.
    if len(words) <= 4 and len(words) < max(2, len(cells) // 2 + 1) and _FOOTER.match(words[0]):
        return "footer"
    return None
