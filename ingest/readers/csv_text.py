"""Reads CSV as offices export it: strict decoding, titles above and footers below, never a shifted column.

A file is read block by block as its bytes come, so that its size does not matter.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ingest.errors import BrokenContract, ForbiddenFile, UnreadableFile
from ingest.readers import Parsed, Spec, text_table
from ingest.readers import csv_blocks as blocks
from ingest.readers.csv_blocks import Undecodable
from ingest.readers.headings import SEARCHED_ROWS, apply_unit_line, find_heading, kind_of_row
from ingest.readers.melting import melted
from ingest.values import plain

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = (",", "\t", ";", "|")
_ROWS_AT_ONCE = 20_000
_BINARY = {
    b"PK\x03\x04": "a workbook or zip",
    b"PAR1": "Parquet",
    b"\xd0\xcf\x11\xe0": "an old workbook",
    b"%PDF": "a PDF",
}
# Kinds whose values are mostly all different: they travel as they are.
_ALL_DIFFERENT = frozenset({"money_cny", "price", "decimal"})


def read(content: bytes, file: str, spec: Spec) -> Parsed:
    """The file's rows as text. Raises UnreadableFile, ForbiddenFile or BrokenContract."""
    parts = list(stream([content], file, spec))
    whole = parts[-1]
    if len(parts) > 1:
        plain_rows = [part.rows.cast(text_schema(part.rows.schema)) for part in parts]
        whole.rows = pa.concat_tables(plain_rows)
        whole.left_out = [entry for part in parts for entry in part.left_out]
        whole.totals = {name: cell for part in parts for name, cell in part.totals.items()}
    table = next(t for t in spec["tables"] if t["name"] == whole.table)
    return melted(whole, table)


def stream(chunks: Iterable[bytes], file: str, spec: Spec) -> Iterator[Parsed]:
    """The rows part by part; each part names table and units, the last alone carries the facts.

    Raises as `read` does, at whichever part the fault shows. Melting is the caller's.
    """
    try:
        yield from _File(chunks, file, spec).parts()
    except Undecodable as error:
        raise _bad_encoding(file, spec, error.line) from error


def text_schema(schema: pa.Schema) -> pa.Schema:
    """The same columns, dictionaries of text as plain text."""
    return pa.schema([(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in schema])


class _File:
    """One file on its way through: what is known of it so far, and the bytes not yet parsed."""

    def __init__(self, chunks: Iterable[bytes], file: str, spec: Spec) -> None:
        self._file, self._spec = file, spec
        self._pieces = blocks.gathered(chunks, blocks.HEAD_BYTES)
        first = next(self._pieces, b"")
        _refuse_other_kinds(first, file)
        self._promised = spec.get("encoding") or "gb18030"
        self._told, self._encoding, self._open = "utf-8", "utf-8", False
        self._lines = 0
        marked = next(((bom, name) for bom, name in _BOMS if first.startswith(bom)), None)
        if marked and marked[1] == "utf-8-sig":
            self._told, first = "utf-8-sig", first[len(marked[0]) :]
        elif marked:
            self._told = marked[1]
            first = self._transcoded(first)
        else:
            self._open = True
            self._choose_encoding(first[: _end_of_records(first, SEARCHED_ROWS)])
        head = blocks.decoded(first[: _end_of_records(first, SEARCHED_ROWS)], self._encoding)
        self._delimiter = max(_DELIMITERS, key=head.count)
        if not blocks.parsed_as_bytes(self._encoding, self._delimiter):
            first = self._transcoded(first)
        self._begin(first)

    def _begin(self, first: bytes) -> None:
        """Finds the heading; what follows it is left to be parsed."""
        _refuse_null_bytes(first, self._file)
        rows, ends = self._first_records(first)
        self._heading = find_heading(rows, self._file, self._spec)
        self._header = rows[self._heading.row]
        self._width = len(self._header)
        read = {*self._heading.wanted.values()}
        self._nameless = [n for n, cell in enumerate(self._header) if not plain(cell) and n not in read]
        self._units = apply_unit_line(self._heading, rows[: self._heading.row])
        start = ends[self._heading.row]
        self._is_one_line = start == len(first) and not first.endswith((b"\n", b"\r"))
        self._lines += first.count(b"\n", 0, start)
        self._rest = first[start:]
        self._number = self._heading.row + 2

    def _first_records(self, first: bytes) -> tuple[list[list[str]], list[int]]:
        """The first records, and where each ends: the reader itself says how many lines it took for one."""
        taken = 0

        def lines() -> Iterator[str]:
            nonlocal taken
            for line in io.BytesIO(first):
                taken += len(line)
                yield blocks.decoded(line, self._encoding)

        rows, ends = [], []
        for row in islice(_records(lines(), self._delimiter, self._file), SEARCHED_ROWS):
            rows.append(row)
            ends.append(taken)
        return rows, ends

    def _transcoded(self, first: bytes) -> bytes:
        """From here on the pieces are UTF-8, whatever they were; the first of them."""
        codec = self._told if self._told == "utf-16" else self._encoding
        self._pieces = blocks.gathered(blocks.transcoded(chain([first], self._pieces), codec), blocks.HEAD_BYTES)
        self._encoding, self._open = "utf-8", False
        return next(self._pieces, b"")

    def _choose_encoding(self, lines: bytes) -> None:
        """UTF-8, else what was promised: the first lines that are not ASCII decide for the whole file."""
        if not self._open or lines.isascii():
            return
        self._open = False
        try:
            lines.decode("utf-8")
        except UnicodeDecodeError:
            self._told, self._encoding = self._promised, codecs.lookup(self._promised).name

    def parts(self) -> Iterator[Parsed]:
        titles = [{"row": i + 1, "why": "title"} for i in range(self._heading.row)]
        waiting = [Parsed(self._heading.table["name"], self._empty(), titles, {}, self._units)]
        yield from waiting
        pieces = blocks.gathered(chain([self._rest], self._pieces), blocks.BLOCK_BYTES)
        rest = b""
        for piece in pieces:
            found = blocks.cut(rest + piece, at_end=False)
            rest = found.rest
            if found.block:
                rows = self._at_once(found.block)
                if rows is None and blocks.has_sound_quotes(found.block, self._delimiter):
                    yield from self._one_by_one([found.block])
                elif rows is None:
                    rest = found.block + rest
                    break  # where quotes stand inside cells, only a reader from the start knows where a record ends
                else:
                    yield rows
            elif not found.whole:
                break
        yield from self._one_by_one(chain([rest], pieces))
        # A header alone may lack its line end, and have a column more; rows that ran into it make it twice as long.
        if self._is_one_line and len(self._heading.unknown) >= len(self._heading.positions):
            raise UnreadableFile(
                self._file,
                "a single line that goes on after the header",
                "a line for the header and one for each row",
                "Line ends were lost on the way: export the file again.",
                code="one_line",
            )
        facts = {
            "encoding": self._told,
            "header_row": self._heading.row + 1,
            "unknown_columns": self._heading.unknown,
        }
        yield Parsed(self._heading.table["name"], self._empty(), [], {}, self._units, facts)

    def _empty(self) -> pa.Table:
        return text_table({name: [] for name in self._heading.wanted}, [])

    def _at_once(self, block: bytes) -> Parsed | None:
        _refuse_null_bytes(block, self._file)
        self._choose_encoding(block)
        if len(block) < blocks.SMALL_BYTES:
            return None
        if not blocks.is_exact(block, self._delimiter) or not blocks.parsed_as_bytes(self._encoding, self._delimiter):
            return None
        try:
            cells = blocks.split(block, self._encoding, self._delimiter, self._width)
        except Undecodable as error:
            raise Undecodable(self._lines + error.line) from error
        if cells is None:
            return None
        parsed = Parsed(self._heading.table["name"], cells, units=self._units)
        odd = _odd_rows(cells, self._header)
        for position in self._nameless:
            filled = pc.indices_nonzero(pc.match_substring_regex(cells[str(position)], r"\S")).to_pylist()
            first = next((index for index in filled if index not in odd), None)
            if first is not None:
                self._refuse_nameless(position, self._number + first)
        height, wanted = len(cells), self._heading.wanted
        numbers = pa.array(range(self._number, self._number + height), pa.int64())
        kinds = {c["name"]: c["kind"] for c in self._heading.table["columns"]}
        arrays = {name: cells[str(position)].combine_chunks() for name, position in wanted.items()}
        arrays = {n: a if kinds.get(n) in _ALL_DIFFERENT else blocks.repeating(a) for n, a in arrays.items()}
        parsed.rows = pa.table({**arrays, "row_number": numbers})
        for index, kind in odd.items():
            row = list(cells.slice(index, 1).to_pylist()[0].values())
            self._leave_out(parsed, row, kind, self._number + index)
        if odd:
            kept = pc.invert(pc.is_in(numbers, value_set=pa.array([self._number + i for i in odd], pa.int64())))
            parsed.rows = parsed.rows.filter(kept)
        self._number += height
        self._lines += block.count(b"\n")
        return parsed

    def _one_by_one(self, pieces: Iterable[bytes]) -> Iterator[Parsed]:
        """Record by record: the last lines, and what Arrow would not read as a strict CSV reader does."""
        wanted, width = self._heading.wanted, self._width
        parsed = Parsed(self._heading.table["name"], self._empty(), units=self._units)
        cells: dict[str, list[str | None]] = {name: [] for name in wanted}
        numbers: list[int] = []
        for row in _records(self._text_lines(pieces), self._delimiter, self._file):
            kind = "header" if row == self._header else kind_of_row(row)
            if kind:
                self._leave_out(parsed, row, kind, self._number)
            else:
                whole = _whole_row(row, width, self._file, self._number)
                for position in self._nameless:
                    if whole[position].strip():
                        self._refuse_nameless(position, self._number)
                for name, position in wanted.items():
                    cells[name].append(whole[position])
                numbers.append(self._number)
            self._number += 1
            if len(numbers) >= _ROWS_AT_ONCE:
                parsed.rows = text_table(cells, numbers)
                yield parsed
                parsed = Parsed(self._heading.table["name"], self._empty(), units=self._units)
                cells, numbers = {name: [] for name in wanted}, []
        if numbers or parsed.left_out:
            parsed.rows = text_table(cells, numbers)
            yield parsed

    def _text_lines(self, pieces: Iterable[bytes]) -> Iterator[str]:
        try:
            for piece in blocks.whole_lines(pieces):
                _refuse_null_bytes(piece, self._file)
                self._choose_encoding(piece)
                yield from io.StringIO(blocks.decoded(piece, self._encoding), newline="")
                self._lines += piece.count(b"\n")
        except Undecodable as error:
            raise Undecodable(self._lines + error.line) from error

    def _refuse_nameless(self, position: int, row: int) -> None:
        raise BrokenContract(
            self._file,
            f"content in column {position + 1}, which has no heading",
            "a heading over every column that is filled",
            "Put the heading back, or empty the column.",
            row=row,
            code="nameless_column",
        )

    def _leave_out(self, parsed: Parsed, row: list[Any], kind: str, number: int) -> None:
        heading = self._heading
        parsed.left_out.append({"row": number, "why": kind})
        if kind == "totals":
            summed = [c["name"] for c in heading.table["columns"] if c["is_control_sum"]]
            places = {name: heading.positions[name] for name in summed if name in heading.positions}
            totals = {name: row[place] for name, place in places.items() if place < len(row)}
            parsed.totals = {name: cell for name, cell in totals.items() if cell and plain(cell)}


def _refuse_other_kinds(first: bytes, file: str) -> None:
    if not first:
        raise UnreadableFile(
            file, "0 bytes", "a CSV file", "Export the file again and send it anew.", code="empty_file"
        )
    for magic, what in _BINARY.items():
        if first.startswith(magic):
            raise ForbiddenFile(file, what, "CSV text", "Save it as CSV (UTF-8 or GB18030) and send it again.")
    if re.match(rb"\s*<(!doctype|html|\?xml)", first[:200], re.IGNORECASE):
        raise UnreadableFile(file, "a web page or XML", "CSV text", "Download the file itself, not the page about it.")


def _refuse_null_bytes(piece: bytes, file: str) -> None:
    if b"\x00" in piece:
        raise UnreadableFile(file, "null bytes", "CSV text", "Export the file again and send it anew.")


def _bad_encoding(file: str, spec: Spec, line: int) -> UnreadableFile:
    return UnreadableFile(
        file,
        f"bytes that are no text in UTF-8 or {(spec.get('encoding') or 'gb18030').upper()}",
        "UTF-8, UTF-8 with BOM, UTF-16 with BOM or GB18030",
        "The file is damaged, cut short or of mixed encodings: export it again.",
        row=line,
        code="bad_encoding",
    )


def _end_of_records(content: bytes, count: int) -> int:
    """The offset after that many records or so; a break inside quotes does not count."""
    end = quotes = found = 0
    while found < count and end < len(content):
        stop = content.find(b"\n", end)
        stop = len(content) if stop < 0 else stop + 1
        quotes += content.count(b'"', end, stop)
        end = stop
        found += quotes % 2 == 0
    return end


def _records(lines: Iterable[str], delimiter: str, file: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(lines, delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise UnreadableFile(
            file, f"a quote or a line end that stands alone ({error})", "well-formed CSV", "Export the file again."
        ) from error


def _odd_rows(table: pa.Table, header: list[str]) -> dict[int, str]:
    """Rows in the middle that are blank, totals, footers or the header again, found by their first cells alone."""
    suspect = pc.equal(table["0"], header[0])
    for name in table.column_names[:3]:
        hit = pc.match_substring_regex(table[name], r"^\s*$|^\s*[合总]\s*计|^(填表|制表|审核|填报|备注|说明|注[:：])")
        suspect = pc.or_(suspect, hit)
    indices = pc.indices_nonzero(suspect).to_pylist()
    rows = table.take(indices).to_pylist() if indices else []
    odd: dict[int, str] = {}
    for index, row in zip(indices, rows, strict=True):
        cells = list(row.values())
        kind = "header" if cells == header else kind_of_row(cells)
        odd |= {index: kind} if kind else {}
    return odd


def _whole_row(row: list[str], width: int, file: str, number: int) -> list[str]:
    if len(row) == width:
        return row
    raise BrokenContract(
        file,
        f"{len(row)} cells",
        f"{width} cells, as the header has",
        "A comma or a break stands inside a cell, or the file was cut short: export it again.",
        row=number,
        code="ragged_row",
    )
