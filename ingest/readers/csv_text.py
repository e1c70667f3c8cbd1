"""Reads CSV as offices export it: strict decoding, titles above and footers below, never a shifted column."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from ingest.errors import BrokenContract, ForbiddenFile, UnreadableFile
from ingest.readers import Parsed, Spec, text_table
from ingest.readers.headings import SEARCHED_ROWS, Heading, apply_unit_line, find_heading, kind_of_row
from ingest.readers.melting import melted
from ingest.values import plain

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = (",", "\t", ";", "|")
_TAIL_LINES = 12
_BINARY = {
    b"PK\x03\x04": "a workbook or zip",
    b"PAR1": "Parquet",
    b"\xd0\xcf\x11\xe0": "an old workbook",
    b"%PDF": "a PDF",
}


def read(content: bytes, file: str, spec: Spec) -> Parsed:
    """The file's rows as text. Raises UnreadableFile, ForbiddenFile or BrokenContract."""
    text, encoding = decoded(content, file, spec.get("encoding"))
    head = text[: _end_of_lines(text, SEARCHED_ROWS)]
    delimiter = max(_DELIMITERS, key=head.count)
    first_rows = list(_records(head, delimiter, file))
    heading = find_heading(first_rows, file, spec)
    above = first_rows[: heading.row]
    parsed = _body(text, head, heading, delimiter, file)
    parsed.left_out[:0] = [{"row": i + 1, "why": "title"} for i in range(heading.row)]
    parsed.units = apply_unit_line(heading, above)
    parsed.facts |= {"encoding": encoding, "header_row": heading.row + 1, "unknown_columns": heading.unknown}
    return parsed


def decoded(content: bytes, file: str, promised: str | None) -> tuple[str, str]:
    """Text and the encoding it was in: by byte order mark, else UTF-8, else the contract's or GB18030; strictly."""
    if not content:
        raise UnreadableFile(
            file, "0 bytes", "a CSV file", "Export the file again and send it anew.", code="empty_file"
        )
    for magic, what in _BINARY.items():
        if content.startswith(magic):
            raise ForbiddenFile(file, what, "CSV text", "Save it as CSV (UTF-8 or GB18030) and send it again.")
    if re.match(rb"\s*<(!doctype|html|\?xml)", content[:200], re.IGNORECASE):
        raise UnreadableFile(file, "a web page or XML", "CSV text", "Download the file itself, not the page about it.")
    marked = next((name for bom, name in _BOMS if content.startswith(bom)), None)
    tried = [marked] if marked else ["utf-8", promised or "gb18030"]
    where = 1
    for encoding in dict.fromkeys(tried):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            where = content.count(b"\n", 0, error.start) + 1
            continue
        if "\x00" in text:
            raise UnreadableFile(file, "null bytes", "CSV text", "Export the file again and send it anew.")
        return text, encoding
    raise UnreadableFile(
        file,
        "bytes that are no text in " + " or ".join(tried),
        "UTF-8, UTF-8 with BOM, UTF-16 with BOM or GB18030",
        "The file is damaged, cut short or of mixed encodings: export it again.",
        row=where,
        code="bad_encoding",
    )


def _end_of_lines(text: str, count: int) -> int:
    """The offset after that many records; a break inside quotes does not count."""
    end = quotes = 0
    while count and end < len(text):
        stop = text.find("\n", end)
        stop = len(text) if stop < 0 else stop + 1
        quotes += text.count('"', end, stop)
        end = stop
        count -= quotes % 2 == 0
    return end


def _records(text: str, delimiter: str, file: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise UnreadableFile(
            file, f"a quote that is not closed or stands alone ({error})", "well-formed CSV", "Export the file again."
        ) from error


def _body(text: str, head: str, heading: Heading, delimiter: str, file: str) -> Parsed:
    start = _end_of_lines(text, heading.row + 1)
    width = len(next(_records(text[_end_of_lines(text, heading.row) : start], delimiter, file)))
    cut = _tail_start(text, start)
    body, tail = text[start:cut], text[cut:]
    if _is_plain(body):
        parsed = _fast(body, heading, delimiter, width, file)
    else:
        tail, body = body + tail, ""
        parsed = Parsed(heading.table["name"], text_table({n: [] for n in heading.wanted}, []))
    if tail:
        _slow(parsed, tail, heading, delimiter, width, file)
    return melted(parsed, heading.table)


def _tail_start(text: str, start: int) -> int:
    """Where the last few lines begin: footers stand there, and are looked at one by one."""
    cut = len(text)
    for _ in range(_TAIL_LINES + 1):
        cut = text.rfind("\n", start, cut)
        if cut < 0:
            return start
    return cut + 1


def _is_plain(body: str) -> bool:
    """Whether every line is one record and none is empty, so that line numbers are row numbers."""
    return '"' not in body and "\n\n" not in body and "\n\r\n" not in body and not body.startswith(("\n", "\r\n"))


def _fast(body: str, heading: Heading, delimiter: str, width: int, file: str) -> Parsed:
    first = heading.row + 2
    wanted = heading.wanted
    if not body:
        return Parsed(heading.table["name"], text_table({name: [] for name in wanted}, []))
    names = [str(i) for i in range(width)]
    options = {
        "read_options": pyarrow.csv.ReadOptions(column_names=names, use_threads=False, block_size=16 << 20),
        "parse_options": pyarrow.csv.ParseOptions(delimiter=delimiter, quote_char=False),
        "convert_options": pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            include_columns=[str(i) for i in range(width)],
            strings_can_be_null=False,
        ),
    }
    try:
        table = pyarrow.csv.read_csv(pa.BufferReader(body.encode()), **options)
    except pa.ArrowInvalid as error:
        _refuse_ragged(body, delimiter, width, first, file, error)
        raise
    odd = _odd_rows(table)
    rows = table.select([str(p) for p in wanted.values()]).rename_columns(list(wanted))
    rows = rows.append_column("row_number", pa.array(range(first, first + len(table)), pa.int64()))
    parsed = Parsed(heading.table["name"], rows)
    if odd:
        cells = table.take(list(odd)).to_pylist()
        for index, row in zip(odd, cells, strict=True):
            _leave_out(parsed, list(row.values()), odd[index], first + index, heading)
        keep = pc.invert(pc.is_in(rows["row_number"], value_set=pa.array([first + i for i in odd], pa.int64())))
        parsed.rows = rows.filter(keep)
    return parsed


def _odd_rows(table: pa.Table) -> dict[int, str]:
    """Rows in the middle that are blank, totals or footers, found by their first cells alone."""
    suspect = None
    for name in table.column_names[:3]:
        hit = pc.match_substring_regex(table[name], r"^\s*$|^\s*[合总]\s*计|^(填表|制表|审核|填报|备注|说明|注[:：])")
        suspect = hit if suspect is None else pc.or_(suspect, hit)
    indices = pc.indices_nonzero(suspect).to_pylist()
    rows = table.take(indices).to_pylist() if indices else []
    kinds = ((i, kind_of_row(list(row.values()))) for i, row in zip(indices, rows, strict=True))
    return {i: kind for i, kind in kinds if kind}


def _slow(parsed: Parsed, text: str, heading: Heading, delimiter: str, width: int, file: str) -> None:
    """Record by record: for the last lines, and for bodies with quotes or empty lines."""
    wanted = heading.wanted
    cells: dict[str, list[str | None]] = {name: [] for name in wanted}
    numbers: list[int] = []
    number = heading.row + 2 + len(parsed.rows) + len(parsed.left_out)
    for row in _records(text, delimiter, file):
        kind = kind_of_row(row)
        if kind:
            _leave_out(parsed, row, kind, number, heading)
        elif len(row) != width:
            _ragged(file, number, len(row), width)
        else:
            for name, position in wanted.items():
                cells[name].append(row[position])
            numbers.append(number)
        number += 1
    parsed.rows = pa.concat_tables([parsed.rows, text_table(cells, numbers)])


def _leave_out(parsed: Parsed, row: list[Any], kind: str, number: int, heading: Heading) -> None:
    parsed.left_out.append({"row": number, "why": kind})
    if kind == "totals":
        summed = [c["name"] for c in heading.table["columns"] if c["is_control_sum"] and c["name"] in heading.positions]
        totals = {name: row[heading.positions[name]] for name in summed if heading.positions[name] < len(row)}
        parsed.totals = {name: cell for name, cell in totals.items() if cell and plain(cell)}


def _refuse_ragged(body: str, delimiter: str, width: int, first: int, file: str, error: Exception) -> None:
    for number, line in enumerate(body.splitlines(), first):
        if line.count(delimiter) + 1 != width:
            _ragged(file, number, line.count(delimiter) + 1, width)
    raise UnreadableFile(file, "text that is no CSV", "well-formed CSV", "Export the file again.") from error


def _ragged(file: str, row: int, found: int, expected: int) -> None:
    raise BrokenContract(
        file,
        f"{found} cells",
        f"{expected} cells, as the header has",
        "A comma or a break stands inside a cell, or the file was cut short: export it again.",
        row=row,
        code="ragged_row",
    )
