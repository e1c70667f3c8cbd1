"""A workbook's column of raw cells → text, whole columns at a time: a number stays one until its column is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ingest.errors import BrokenContract
from ingest.values import STORED_AS_NUMBER

_EXACT = 2**53
_IDENTITY = frozenset({"id_number", "household_no", "person_no"})
_DATES = frozenset({"date", "month", "timestamp", "birth_date", "partial_date", "quarter"})
_BETWEEN_SYSTEMS = 1_462  # days from the 1900 system's count to the 1904 system's
LONGEST_CELL = 32_767  # what a spreadsheet's cell can hold


def text_column(cells: Sequence[Any], kind: str, *, is_1904: bool = False) -> pa.Array:
    """The column as the text that a careful clerk would have typed.

    An identity number that was stored as a number is marked: beyond 15 digits a spreadsheet has replaced the rest.
    A household number within them is exact, and is taken.
    """
    types = set(map(type, cells))
    if types <= {str}:
        return pa.array(cells, pa.string())
    if types <= {str, float}:
        texts = pa.array([c if c.__class__ is str else None for c in cells], pa.string()) if str in types else None
        figures = np.array([c if c.__class__ is float else np.nan for c in cells] if texts is not None else cells)
        is_figure = ~np.isnan(figures)
        numbers = _number_texts(figures[is_figure], kind, is_1904)
        if texts is None and is_figure.all():
            return numbers
        base = texts if texts is not None else pa.array(["nan"] * len(cells))
        return pc.replace_with_mask(pc.fill_null(base, "nan"), pa.array(is_figure), numbers)
    known: dict[tuple[type, Any], str] = {}
    found = []
    for cell in cells:
        key = (cell.__class__, cell)
        text = known.get(key)
        if text is None:
            text = known[key] = as_text(cell, kind, is_1904=is_1904)
        found.append(text)
    return pa.array(found, pa.string())


def _number_texts(figures: npt.NDArray[np.float64], kind: str, is_1904: bool) -> pa.Array:
    if not len(figures):
        return pa.array([], pa.string())
    with np.errstate(invalid="ignore"):
        whole = (np.floor(figures) == figures) & (np.abs(figures) < _EXACT)
    if whole.all() and kind not in _IDENTITY and not (is_1904 and kind in _DATES):
        return pc.cast(pa.array(figures.astype(np.int64)), pa.string())
    size = np.abs(figures)
    if kind not in _IDENTITY and kind not in _DATES and bool(((size >= 1e-4) & (size < 1e9) | whole).all()):
        # Arrow writes the shortest digits that give the same number back, as Python does.
        broken = pc.cast(pa.array(figures), pa.string())
        return pc.replace_with_mask(
            broken, pa.array(whole), pc.cast(pa.array(figures[whole].astype(np.int64)), "string")
        )
    distinct, places = np.unique(figures, return_inverse=True)
    texts = [as_text(f, kind, is_1904=is_1904) for f in distinct.tolist()]
    return pa.array(texts, pa.string()).take(pa.array(places))


def as_text(cell: Any, kind: str, *, is_1904: bool = False) -> str:
    """One raw cell as text, as `text_column` does it."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        whole = float(cell).is_integer() and abs(cell) < _EXACT
        # A bare serial number in a date column counts from the workbook's own first day.
        if whole and is_1904 and kind in _DATES and 15_000 <= cell < 80_000:
            cell += _BETWEEN_SYSTEMS
        text = str(int(cell)) if whole else repr(cell)
        lossless = whole and kind in _IDENTITY - {"id_number"} and len(text) <= 15
        return STORED_AS_NUMBER + text if kind in _IDENTITY and not lossless else text
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell.total_seconds() / 86_400) if isinstance(cell, timedelta) else str(cell)


def refuse_long_cells(rows: pa.Table, file: str, sheet: str | None = None) -> None:
    """Raises BrokenContract for text that no spreadsheet could hold: it would be handled for ever, for nothing."""
    for name in rows.column_names:
        if not pa.types.is_string(rows[name].type):
            continue
        longest = pc.max(pc.binary_length(rows[name])).as_py() or 0
        if longest > LONGEST_CELL * 4:
            raise BrokenContract(
                file,
                f"a cell of {longest:,} bytes",
                f"at most {LONGEST_CELL:,} characters in a cell",
                "A quote or a break was lost, or a whole document stands in a cell: export it again.",
                sheet=sheet,
                column=name,
                code="cell_too_long",
            )


def refuse_column_of_numbers(rows: pa.Table, columns: Sequence[dict[str, Any]], file: str, sheet: str) -> None:
    """Raises BrokenContract where every ID number of the column was stored as a number: all of them are gone."""
    for column in columns:
        if column["kind"] != "id_number" or column["name"] not in rows.column_names:
            continue
        cells = rows[column["name"]]
        marked = pc.sum(pc.starts_with(cells, STORED_AS_NUMBER)).as_py() or 0
        filled = pc.sum(pc.greater(pc.binary_length(cells), 0)).as_py() or 0
        if marked > 1 and marked == filled:
            raise BrokenContract(
                file,
                f"{marked:,} ID numbers stored as numbers: their last digits are lost",
                "ID numbers stored as text",
                "Format the column as text at its source and export it again; the numbers cannot be repaired here.",
                sheet=sheet,
                column=column["headers"][0],
                code="id_column_stored_as_number",
            )
