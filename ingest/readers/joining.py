"""Sheets of one table become one: a sheet for each county, or for each month."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from ingest.errors import BrokenContract
from ingest.readers import Parsed


def joined(sheets: list[Parsed], file: str) -> Parsed:
    """All sheets' rows, numbered on from sheet to sheet so that each number names one row; facts say where each begins.

    Their totals rows are added up by nobody, so only a lone sheet's is checked. Raises BrokenContract where the sheets
    do not hold one table alike.
    """
    first = sheets[0]
    if len(sheets) == 1:
        return first
    if any(s.table != first.table or s.units != first.units for s in sheets):
        raise BrokenContract(
            file, "sheets of different tables or units", "one table a file", "Send each table as a file of its own."
        )
    names = first.rows.column_names
    if any(set(s.rows.column_names) != set(names) for s in sheets):
        raise BrokenContract(file, "sheets with different columns", "the same columns on each", "Align the sheets.")
    start, parts = 0, []
    offsets: dict[str, int] = {}
    result = Parsed(first.table, first.rows, units=first.units)
    for sheet in sheets:
        numbers = sheet.rows["row_number"].to_pylist()
        position = sheet.rows.column_names.index("row_number")
        moved = pa.array([n + start for n in numbers], pa.int64())
        parts.append(sheet.rows.set_column(position, "row_number", moved).select(names))
        offsets[sheet.facts["sheets"][0]] = start
        for own, sum_ in ((sheet.row_cautions, result.row_cautions), (sheet.row_refusals, result.row_refusals)):
            for code, rows in own.items():
                sum_.setdefault(code, []).extend(n + start for n in rows)
        start += max([*numbers, *(e.get("to", e["row"]) for e in sheet.left_out), 1])
    unknown: list[Any] = list(dict.fromkeys(u for s in sheets for u in s.facts["unknown_columns"]))
    result.rows = pa.concat_tables(parts)
    result.left_out = [entry for s in sheets for entry in s.left_out]
    result.facts = {**first.facts, "sheets": list(offsets), "sheet_offsets": offsets, "unknown_columns": unknown}
    return result
