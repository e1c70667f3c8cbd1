"""Turns one column per province (or per commodity) into one row per cell, as the contract's `melt` says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from ingest.readers import Parsed
from ingest.values import plain

FAMILY = "\x00"
"""Begins the name of a column that is to be melted; the rest is the region (or other thing) that it stands for."""


def family(row: Sequence[str], melt: dict[str, Any] | None) -> dict[str, int]:
    """The positions of the columns to melt, by FAMILY + region. An id that the contract does not map stays as it is.

    Two columns of one name stay two: the second is told apart by its position.
    """
    if not melt:
        return {}
    members: dict[str, int] = {}
    for position, cell in enumerate(row):
        found = re.fullmatch(melt["columns"], plain(cell)) if cell else None
        if found:
            name = FAMILY + melt["region_map"].get(found[1], found[1])
            members[name if name not in members else f"{name} ({position + 1})"] = position
    return members


def melted(parsed: Parsed, table: dict[str, Any], units: Mapping[str, str] | None = None) -> Parsed:
    """The parsed file with a row per cell of the melted columns; unchanged for a table that is not melted.

    A cell's row_number is its place when the cells are read line by line: the rows of such a file are its cells.
    `units` gives each melted column's unit, where a unit row stands below the header and the contract asks for it.
    """
    melt = table.get("melt")
    if not melt:
        return parsed
    rows = parsed.rows
    members = [name for name in rows.column_names if name.startswith(FAMILY)]
    height, width = len(rows), len(members)
    lines = {number: line for line, number in enumerate(rows["row_number"].to_pylist())}
    order = np.arange(height * width).reshape(width, height).T.ravel() if height else np.array([], dtype=np.int64)
    cells = pa.concat_arrays([rows[m].combine_chunks() for m in members]).take(pa.array(order))
    line = np.repeat(np.arange(height), width)
    columns: dict[str, Any] = {name: rows[name].take(pa.array(line)) for name in melt["keys"]}
    columns[melt["region"]] = pa.array([m.removeprefix(FAMILY) for m in members] * height, pa.string())
    columns[melt["value"]] = cells
    if melt.get("unit"):
        columns[melt["unit"]] = pa.array([(units or {}).get(m, "") for m in members] * height, pa.string())
    columns["row_number"] = pa.array(np.arange(1, height * width + 1))
    parsed.rows = pa.table(columns)
    parsed.facts |= {"lines": height, "cells_per_line": width}
    for marks in (parsed.row_cautions, parsed.row_refusals):
        for code, numbers in marks.items():
            marks[code] = [lines[n] * width + k + 1 for n in numbers for k in range(width)]
    return parsed
