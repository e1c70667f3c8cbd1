"""Readers turn bytes into rows of text, in a child process. They rename nothing and decide nothing about values.

A reader is a function `(content: bytes, file: str, spec) -> Parsed`, found by the contract's `format`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import pyarrow as pa

Spec = dict[str, Any]
"""What a contract tells its reader: format, encoding, tables with their columns' names, headers and kinds."""

READERS = {
    "csv": "ingest.readers.csv_text",
    "xlsx": "ingest.readers.workbook",
    "cap": "ingest.readers.cap",
    "poll_json": "ingest.readers.poll_json",
    "json": "ingest.readers.records_json",
    "rss": "ingest.readers.records_xml",
    "records": "ingest.readers.records",
}


STREAMED = frozenset({"csv"})
"""Formats whose reader also takes a file as it comes, and gives its rows part by part: files may be of any size."""


@dataclass
class Parsed:
    """One file as text: the contract's table that it holds, its columns under the contract's names, row_number.

    `left_out` lists rows that are no data (title, unit, totals, footer); `totals` is the text of the totals row by
    column; `units` the unit that a heading named; `facts` what the receipt should say besides. Of single rows, by
    row_number: `row_cautions` by code, and `row_refusals` by `code:column`, which quarantine.
    """

    table: str
    rows: pa.Table
    left_out: list[dict[str, Any]] = field(default_factory=list)
    totals: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    row_cautions: dict[str, list[int]] = field(default_factory=dict)
    row_refusals: dict[str, list[int]] = field(default_factory=dict)


def reader_for(name: str) -> Callable[[bytes, str, Spec], Parsed]:
    """The reader of a format. Raises KeyError for a format that no reader reads."""
    read: Callable[[bytes, str, Spec], Parsed] = import_module(READERS[name]).read
    return read


def streaming_reader_for(name: str) -> Callable[[Iterable[bytes], str, Spec], Iterator[Parsed]]:
    """The reader of a streamed format, for a file that comes in chunks. Raises KeyError for any other."""
    if name not in STREAMED:
        raise KeyError(name)
    stream: Callable[[Iterable[bytes], str, Spec], Iterator[Parsed]] = import_module(READERS[name]).stream
    return stream


def text_table(columns: dict[str, list[str | None]], row_numbers: list[int]) -> pa.Table:
    """Columns of text and their row numbers as one Arrow table."""
    arrays: dict[str, pa.Array] = {name: pa.array(cells, pa.string()) for name, cells in columns.items()}
    arrays["row_number"] = pa.array(row_numbers, pa.int64())
    return pa.table(arrays)
