"""Reads SDMX-CSV 2.0: one structure a file, codes without their labels; the action of each row is kept."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from ingest.errors import BrokenContract, UnreadableFile
from ingest.readers import Parsed, Spec, text_table
from ingest.readers.headings import find_heading

_FIRST = re.compile(rb"(?:\xef\xbb\xbf)?\"?STRUCTURE(?:\[[^\]\r\n]{1,3}\])?\"?[,;\t|]")
_KINDS = frozenset({"dataflow", "datastructure", "dataprovision"})
_ACTIONS = frozenset({"I", "A", "R", "M", "D", ""})


@dataclass(frozen=True)
class Series:
    """An SDMX-CSV file: column ids, rows of codes, and the structures that the rows belong to."""

    columns: list[str]
    rows: list[list[str]]
    structures: list[str]


def is_sdmx(content: bytes) -> bool:
    """Whether the first column is STRUCTURE, as the standard wants it."""
    return _FIRST.match(content[:200]) is not None


def read(content: bytes, file: str, spec: Spec) -> Parsed:
    """The observations under the contract's columns. Raises UnreadableFile or BrokenContract."""
    series = parsed_series(content, file)
    if len(series.structures) > 1:
        raise BrokenContract(
            file,
            f"{len(series.structures)} structures: " + "、".join(series.structures)[:300],
            "one structure (and version) a file",
            "Split the file by STRUCTURE_ID: figures of two definitions must not stand in one series.",
            column="STRUCTURE_ID",
            code="several_structures",
        )
    tables = [t for t in spec["tables"] if t["name"] in spec["sdmx_tables"]]
    heading = find_heading([series.columns], file, {**spec, "tables": tables})
    columns: dict[str, list[str | None]] = {
        name: [row[position] for row in series.rows] for name, position in heading.positions.items()
    }
    rows = text_table(columns, list(range(2, len(series.rows) + 2)))
    facts = {"structure": series.structures[0] if series.structures else None, "unknown_columns": heading.unknown}
    return Parsed(heading.table["name"], rows, facts=facts)


def parsed_series(content: bytes, file: str) -> Series:
    """The file as codes: `ID: label` gives ID, a name column beside its id column goes, a decimal comma is a point."""
    try:
        text = content.decode("utf-8-sig")
        first = text.splitlines()[0] if text.strip() else ""
        delimiter = re.sub(r'^"?STRUCTURE(\[[^\]]*\])?"?', "", first)[:1] or ","
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except (UnicodeDecodeError, csv.Error, TypeError) as error:
        raise UnreadableFile(file, "no well-formed SDMX-CSV", "SDMX-CSV 2.0 in UTF-8", "Export it again.") from error
    header, body = [cell.strip() for cell in rows[0]], [row for row in rows[1:] if any(row)]
    for number, row in enumerate(body, 2):
        if len(row) != len(header):
            raise BrokenContract(
                file,
                f"{len(row)} cells",
                f"{len(header)} cells, as the header has",
                "A delimiter stands inside a cell, or the file was cut short: export it again.",
                row=number,
                code="ragged_row",
            )
    ids = [re.sub(r"\[[^\]]*\]$", "", cell.partition(": ")[0]) for cell in header]
    repeated = {name for name in ids if ids.count(name) > 1}
    if repeated or ids[0] != "STRUCTURE" or "STRUCTURE_ID" not in ids:
        raise BrokenContract(
            file,
            "the columns " + "、".join(ids)[:300],
            "STRUCTURE, STRUCTURE_ID and each column once",
            "Export it anew as SDMX-CSV 2.0.",
            code="duplicate_header" if repeated else "missing_column",
        )
    labelled = {i for i, cell in enumerate(header) if ": " in cell}
    named = {i for i, name in enumerate(ids) if name == "STRUCTURE_ID"} | labelled
    cells = [[_code(c, i in named, delimiter) for i, c in enumerate(row)] for row in body]
    _refuse_unknown(cells, ids, file)
    at = ids.index("STRUCTURE_ID")
    return Series(ids, cells, list(dict.fromkeys(row[at] for row in cells)))


def _code(cell: str, has_label: bool, delimiter: str) -> str:
    text = cell.partition(": ")[0] if has_label else cell
    # A file with semicolons comes from a country that writes decimals with a comma.
    return text.replace(",", ".") if delimiter == ";" and re.fullmatch(r"-?\d+,\d+", text) else text


def _refuse_unknown(rows: list[list[str]], ids: list[str], file: str) -> None:
    action = ids.index("ACTION") if "ACTION" in ids else None
    for number, row in enumerate(rows, 2):
        if row[0] not in _KINDS or (action is not None and row[action] not in _ACTIONS):
            raise BrokenContract(
                file,
                f"STRUCTURE {row[0][:40]}, ACTION {row[action][:10] if action is not None else '-'}",
                "dataflow, datastructure or dataprovision; an action I, A, R, M or D",
                "Export it anew as SDMX-CSV 2.0.",
                row=number,
                code="unknown_action",
            )
