"""What a workbook says about its cells besides their values: hidden rows and columns, formulas, errors, links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ingest.errors import ForbiddenFile

MAX_CELLS = 40_000_000
MAX_COLUMNS = 4_096
MAX_STYLES = 70_000


@dataclass
class SheetMarks:
    """Of one sheet. Rows count from 1, columns from 0; formulas and errors are rows by column."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    formulas: dict[int, list[int]] = field(default_factory=dict)
    errors: dict[int, list[int]] = field(default_factory=dict)


@dataclass
class BookMarks:
    """Of the whole workbook: sheets by name, the date system, and what it would fetch from elsewhere."""

    sheets: dict[str, SheetMarks] = field(default_factory=dict)
    is_1904: bool = False
    external_links: list[str] = field(default_factory=list)

    def facts(self) -> dict[str, Any]:
        found: dict[str, Any] = {"date_system": 1904} if self.is_1904 else {}
        # Links are listed and never followed: the cached values are what was read.
        return found | ({"external_links": self.external_links} if self.external_links else {})


def refuse_extent(rows: int, columns: int, file: str, sheet: str) -> None:
    """Raises ForbiddenFile before a sheet is opened that would fill the memory: the parser lays out every cell."""
    if columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise ForbiddenFile(
            file,
            f"{rows:,} rows of {columns:,} columns",
            f"at most {MAX_COLUMNS:,} columns and {MAX_CELLS:,} cells",
            "Delete stray cells far right or below, or split the sheet.",
            sheet=sheet,
            code="too_many_cells",
        )


def refuse_hidden_cells(marks: SheetMarks, rows: Sequence[Sequence[Any]], file: str, sheet: str) -> None:
    """Raises ForbiddenFile naming hidden (or filtered-out) rows and columns that hold anything.

    What the sender does not see must not land; a hidden stretch without content gives nothing away.
    """
    full = [n for n in sorted(marks.hidden_rows) if n <= len(rows) and any(c != "" for c in rows[n - 1])]
    if full:
        raise _hidden(file, sheet, "rows", [str(n) for n in full], full[0])
    width = max((len(r) for r in rows), default=0)
    columns = {c for first, last in marks.hidden_columns for c in range(first, min(last + 1, width))}
    seen = [c for c in sorted(columns) if any(c < len(r) and r[c] != "" for r in rows)]
    if seen:
        raise _hidden(file, sheet, "columns", [letters(c) for c in seen], None)


def _hidden(file: str, sheet: str, what: str, names: list[str], row: int | None) -> ForbiddenFile:
    more = f" and {len(names) - 20} more" if len(names) > 20 else ""
    return ForbiddenFile(
        file,
        f"hidden or filtered-out {what} with content: {'、'.join(names[:20])}{more}",
        "every row and column visible",
        f"Show these {what} (clear the filter), or delete them, and send the file again.",
        sheet=sheet,
        row=row,
        column=names[0] if what == "columns" else None,
        code=f"hidden_{what}",
    )


def letters(column: int) -> str:
    """The column's letters: 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_of(reference: str) -> int:
    """The column of a cell reference such as AB12, from 0; −1 where it names none."""
    number = 0
    for sign in reference:
        if not "A" <= sign <= "Z":
            break
        number = number * 26 + ord(sign) - 64
    return number - 1
