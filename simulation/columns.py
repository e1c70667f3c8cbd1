"""Arrays of numbers turned into columns of text, without a Python step per row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from simulation.draws import Flags, Floats, Ints

Columns = dict[str, pa.Array]


def constant(text: str, size: int) -> pa.Array:
    """The same text on every row."""
    return pa.array([text]).take(pa.array(np.zeros(size, dtype=np.int64)))


def picked(labels: Sequence[str], positions: NDArray[np.integer]) -> pa.Array:
    """The label at each position."""
    return pa.array(list(labels), type=pa.string()).take(pa.array(positions.astype(np.int64)))


def taken(column: pa.Array, positions: Ints) -> pa.Array:
    """The cells at these positions."""
    return column.take(pa.array(positions))


def whole(values: Ints) -> pa.Array:
    """Whole numbers as text."""
    return pc.cast(pa.array(values), pa.string())


def joined(*parts: pa.Array | str) -> pa.Array:
    """Texts side by side."""
    return pc.binary_join_element_wise(*parts, "")


def padded(values: Ints, width: int) -> pa.Array:
    """Whole numbers with leading zeros."""
    return pc.utf8_lpad(whole(values), width, "0")


def yuan_from_fen(fen: Ints) -> pa.Array:
    """Amounts of fen, none negative, as yuan with two decimals."""
    return joined(whole(fen // 100), ".", padded(fen % 100, 2))


def yuan(values: Floats) -> pa.Array:
    """Whole yuan, none negative, as text with two decimals."""
    return joined(whole(np.rint(values).astype(np.int64)), ".00")


def yes_no(flags: Flags, yes: str = "是", no: str = "否") -> pa.Array:
    """One of two texts by flag."""
    return picked((no, yes), flags.astype(np.int64))


def day_texts(days: Ints) -> pa.Array:
    """Days since 1970 as YYYY-MM-DD; below zero is no day, and an empty text."""
    dates = pa.array(np.maximum(days, 0).astype(np.int32)).cast(pa.date32())
    return pc.if_else(pa.array(days >= 0), pc.cast(dates, pa.string()), "")


def month_texts(months: Ints, separator: str = "-") -> pa.Array:
    """Month numbers as YYYY-MM; below zero is no month, and an empty text."""
    text = joined(padded(np.maximum(months, 0) // 12, 4), separator, padded(np.maximum(months, 0) % 12 + 1, 2))
    return pc.if_else(pa.array(months >= 0), text, "")


def only_where(flags: Flags, texts: pa.Array) -> pa.Array:
    """The texts, and an empty one where the flag is down."""
    return pc.if_else(pa.array(flags), texts, "")


def figures(values: Ints | Floats, known: Flags | None = None) -> pa.Array:
    """A column of numbers for a workbook; empty where not known."""
    return pa.array(values, mask=None if known is None else ~known)


def texts_of(cells: Sequence[str]) -> pa.Array:
    """A few texts as a column."""
    return pa.array(list(cells), type=pa.string())
