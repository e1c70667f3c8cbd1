"""Turns one column per province into one row per province, as the contract's `melt` says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from ingest.readers import Parsed
from ingest.values import plain

FAMILY = "\x00"
"""Begins the name of a column that is to be melted; the rest is the region that it stands for."""


def family(row: Sequence[str], melt: dict[str, Any] | None) -> dict[str, int]:
    """The positions of the columns to melt, by FAMILY + region. An id that the contract does not map stays as it is."""
    if not melt:
        return {}
    found = ((position, re.fullmatch(melt["columns"], plain(cell))) for position, cell in enumerate(row) if cell)
    return {FAMILY + melt["region_map"].get(m[1], m[1]): position for position, m in found if m}


def melted(parsed: Parsed, table: dict[str, Any]) -> Parsed:
    """The parsed file with a row per cell of the melted columns; unchanged for a table that is not melted.

    A cell's row_number is its place when the cells are read line by line: the rows of such a file are its cells.
    """
    melt = table.get("melt")
    if not melt:
        return parsed
    rows = parsed.rows
    members = [name for name in rows.column_names if name.startswith(FAMILY)]
    height, width = len(rows), len(members)
    order = np.arange(height * width).reshape(width, height).T.ravel() if height else np.array([], dtype=np.int64)
    cells = pa.concat_arrays([rows[m].combine_chunks() for m in members]).take(pa.array(order))
    line = np.repeat(np.arange(height), width)
    columns: dict[str, Any] = {name: rows[name].take(pa.array(line)) for name in melt["keys"]}
    columns[melt["region"]] = pa.array([m.removeprefix(FAMILY) for m in members] * height, pa.string())
    columns[melt["value"]] = cells
    columns["row_number"] = pa.array(np.arange(1, height * width + 1))
    parsed.rows = pa.table(columns)
    parsed.facts |= {"lines": height, "cells_per_line": width}
    return parsed
