"""Finds the header among titles and unit lines, says which table it heads, and knows totals and footers by sight."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ingest.errors import BrokenContract, UnreadableFile
from ingest.readers import Spec
from ingest.readers.melting import family
from ingest.units import AREA, BY_KIND, IN_HEADING, MONEY, PRICE, in_unit_line
from ingest.values import plain

SEARCHED_ROWS = 10
ENOUGH = 0.6
_UNIT_CELL = re.compile(
    r"\(.{1,30}\)|单位[::].{1,20}|人|万人|户|个|只|头|次|公斤|吨|斤|"
    + "|".join(re.escape(unit) for unit in sorted({*MONEY, *AREA, *PRICE, "%", "‰"}, key=len, reverse=True))
)
_TOTAL = re.compile(r"(合|总)计[::]?")
_FOOTER = re.compile(r"(填表|制表|审核|填报|复核|备注|说明|注[::]|单位负责人|联系电话|报送|数据来源|SOURCE:|Source:)")

Merged = Iterable[tuple[tuple[int, int], tuple[int, int]]]


@dataclass(frozen=True)
class Heading:
    """Where the header's last row stands (counted from 0) and which cell heads which column of which table."""

    row: int
    table: dict[str, Any]
    positions: dict[str, int]
    units: dict[str, str]
    unknown: list[str]
    family: dict[str, int]
    first_row: int = field(default=-1)

    @property
    def wanted(self) -> dict[str, int]:
        """Every column to be read, those to be melted included."""
        return {**self.positions, **self.family}


def heading_key(text: str) -> str:
    """Two headings are the same when this is equal: no spaces, breaks or stray quotes, brackets in ASCII."""
    return re.sub(r"\s+", "", plain(text)).strip("\"'`“”‘’")


def _match_key(text: str) -> str:
    # A unit holds a slash of its own (元/斤): it goes before the heading is taken apart into its two levels.
    key = IN_HEADING.sub("", heading_key(text))
    return "/".join(IN_HEADING.sub("", part) for part in key.split("/"))


class _Labels:
    """What heads each column, over one to three rows: the whole path `parent/child`, and its shorter ends."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        width = max((len(r) for r in rows), default=0)
        self.texts: list[list[str]] = []
        for position in range(width):
            cells = [row[position] for row in rows if position < len(row)]
            parts = [plain(cell) for cell in cells if cell and plain(cell)]
            self.texts.append(["/".join(parts[start:]) for start in range(len(parts))])
        self.keys = [[_match_key(text) for text in ends] for ends in self.texts]
        self.present = {key for ends in self.keys for key in ends}
        if self.keys and not self.keys[0]:
            self.present.add("")  # a blank cell heads the first column, where a contract says so

    def named(self, position: int, known: dict[str, str]) -> str | None:
        if not self.keys[position]:
            return known.get("") if position == 0 else None
        return next((known[key] for key in self.keys[position] if key in known), None)

    def row(self) -> list[str]:
        return [ends[0] if ends else "" for ends in self.texts]


def find_heading(
    rows: Sequence[Sequence[str]],
    file: str,
    spec: Spec,
    sheet: str | None = None,
    *,
    levels: int = 1,
    merged: Merged = (),
) -> Heading:
    """The heading in the first rows, over as many as `levels` of them; a parent holds for the cells merged under it.

    Raises UnreadableFile if no row is like one, BrokenContract if one is but lacks a promised column or has one twice.
    """
    best: tuple[float, int] | None = None
    found: tuple[int, int, dict[str, Any], _Labels] | None = None
    spread = _spread(rows[: SEARCHED_ROWS + levels], merged)
    for depth in range(1, levels + 1):
        for index in range(min(len(rows), SEARCHED_ROWS) - depth + 1):
            labels = _Labels(spread[index : index + depth])
            for table in spec["tables"]:
                score = _score(labels, table)
                if score[0] >= ENOUGH and (best is None or score > best):
                    best, found = score, (index, depth, table, labels)
    if found is None:
        expected = "、".join(c["headers"][0] for c in spec["tables"][0]["columns"][:8])
        raise UnreadableFile(
            file,
            f"no header within the first {SEARCHED_ROWS} rows",
            f"a row with at least {ENOUGH:.0%} of the columns {expected}…",
            "Put the header row back, or send the file to the feed that it belongs to.",
            sheet=sheet,
            code="no_header",
        )
    index, depth, table, labels = found
    return _heading(labels, index, depth, table, file, sheet)


def _spread(rows: Sequence[Sequence[str]], merged: Merged) -> list[list[str]]:
    """The rows with each merged cell's text over the columns that it covers."""
    filled = [list(row) for row in rows]
    for (top, left), (_, right) in merged:
        if top < len(filled) and right > left and left < len(filled[top]):
            stop = min(right + 1, len(filled[top]))
            filled[top][left:stop] = [filled[top][left]] * (stop - left)
    return filled


def _known(table: dict[str, Any]) -> dict[str, str]:
    return {_match_key(h): c["name"] for c in table["columns"] for h in c["headers"]}


def _score(labels: _Labels, table: dict[str, Any]) -> tuple[float, int]:
    """The share of the promised columns that are headed, and how many columns are headed in all."""
    known, present = _known(table), labels.present
    hits = len({known[k] for k in present if k in known})
    if table.get("melt"):
        return _melt_share(table, labels), hits
    promised = [c for c in table["columns"] if not c["optional"]] or table["columns"]
    return sum(any(_match_key(h) in present for h in c["headers"]) for c in promised) / len(promised), hits


def _melt_share(table: dict[str, Any], labels: _Labels) -> float:
    """A wide table is headed by its key columns and at least one column of the family that is melted."""
    keys = [c for c in table["columns"] if c["name"] in table["melt"]["keys"]]
    has_family = any(re.fullmatch(table["melt"]["columns"], text) for text in labels.row())
    return float(has_family and all(any(_match_key(h) in labels.present for h in c["headers"]) for c in keys))


def _heading(labels: _Labels, index: int, depth: int, table: dict[str, Any], file: str, sheet: str | None) -> Heading:
    known, melt, row = _known(table), table.get("melt"), labels.row()
    kinds = {c["name"]: c["kind"] for c in table["columns"]}
    last = index + depth - 1
    positions: dict[str, int] = {}
    units: dict[str, str] = {}
    unknown: list[str] = []
    for position, cell in enumerate(row):
        name = labels.named(position, known)
        if name is None:
            if cell and not (melt and re.fullmatch(melt["columns"], cell)):
                unknown.append(cell)
            continue
        if name in positions:
            raise BrokenContract(
                file,
                f"the header {cell} twice (columns {positions[name] + 1} and {position + 1})",
                "each column once",
                "Remove the column that does not belong and send the file again.",
                sheet=sheet,
                row=last + 1,
                column=cell,
                code="duplicate_header",
            )
        positions[name] = position
        if unit := _unit_in(cell, kinds[name]):
            units[name] = unit
    needed = melt["keys"] if melt else [c["name"] for c in table["columns"] if not c["optional"]]
    missing = [c for c in table["columns"] if c["name"] in needed and c["name"] not in positions]
    if missing:
        raise BrokenContract(
            file,
            "the headers " + "、".join(c for c in row if c)[:600],
            "the columns " + "、".join(c["headers"][0] for c in missing),
            "Restore the missing columns, or have the contract name the new heading as an alias.",
            sheet=sheet,
            row=last + 1,
            column=missing[0]["headers"][0],
            code="missing_column",
        )
    taken = set(positions.values())
    members = {n: p for n, p in family(row, melt).items() if p not in taken}
    return Heading(last, table, positions, units, unknown, members, index)


def _unit_in(label: str, kind: str) -> str | None:
    """The unit that a heading (or the heading above it) names, if it is one of the column's kind."""
    key = heading_key(label)
    found = (IN_HEADING.search(part) for part in (key, *reversed(key.split("/"))))
    return next((f[1] for f in found if f and f[1] in BY_KIND.get(kind, ())), None)


def apply_unit_line(heading: Heading, lines: Sequence[Sequence[str]]) -> dict[str, str]:
    """The columns' units: their own headings' word, else what the unit line names for columns of their kind."""
    cells = [cell for line in lines for cell in line if cell and "单位" in cell]
    named = {kind: u for cell in reversed(cells) for kind in BY_KIND if (u := in_unit_line(cell, kind))}
    by_line = {c["name"]: named[c["kind"]] for c in heading.table["columns"] if c["kind"] in named}
    return {**by_line, **heading.units}


def unit_row(cells: Sequence[str]) -> bool:
    """Whether a row below the header holds nothing but units (`(元)`, `人`, `($/bbl)`)."""
    words = [w for w in (plain(c) for c in cells) if w]
    return bool(words) and all(_UNIT_CELL.fullmatch(w) for w in words) and (len(words) > 1 or not plain(cells[0]))


def units_of_row(heading: Heading, cells: Sequence[str]) -> dict[str, str]:
    """The columns' units as a unit row names them."""
    kinds = {c["name"]: c["kind"] for c in heading.table["columns"]}
    found: dict[str, str] = {}
    for name, position in heading.positions.items():
        word = plain(cells[position]).strip("()") if position < len(cells) else ""
        if word in BY_KIND.get(kinds[name], ()):
            found[name] = word
    return found


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
