"""Looks through an xls before it is parsed: its records tell hidden rows, formulas, errors, the date system, links."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from ingest.errors import ForbiddenFile, UnreadableFile
from ingest.readers.compound import Compound
from ingest.readers.sheet_marks import BookMarks, SheetMarks, refuse_extent

_BOF, _EOF, _ROW, _COLINFO, _FORMULA, _BOOLERR = 0x809, 0x0A, 0x208, 0x7D, 0x06, 0x205
_BOUNDSHEET, _DATE_SYSTEM, _PASSWORD, _DIMENSIONS, _SUPBOOK = 0x85, 0x22, 0x2F, 0x200, 0x1AE
_MARKED = frozenset({_ROW, _COLINFO, _FORMULA, _BOOLERR, _DIMENSIONS})


def inspected(content: bytes, file: str) -> BookMarks:
    """What the workbook says besides values. Raises ForbiddenFile for encryption, UnreadableFile for damage."""
    try:
        return _book(Compound(content).stream("workbook", "book"), file)
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        raise _damaged(file) from error


def _damaged(file: str) -> UnreadableFile:
    return UnreadableFile(file, "a damaged old workbook", "xls or xlsx", "Save it as .xlsx and send that.")


def _records(stream: bytes, position: int) -> Iterator[tuple[int, int, int]]:
    """(kind, offset of the body, length) of each record."""
    end, head = len(stream), struct.Struct("<HH")
    while position + 4 <= end:
        kind, length = head.unpack_from(stream, position)
        position += 4
        yield kind, position, length
        position += length


def _book(stream: bytes, file: str) -> BookMarks:
    book, starts = BookMarks(), list[tuple[str, int]]()
    for kind, at, length in _records(stream, 0):
        if kind == _BOUNDSHEET:
            starts.append((_sheet_name(stream, at), struct.unpack_from("<I", stream, at)[0]))
        elif kind == _DATE_SYSTEM:
            book.is_1904 = bool(struct.unpack_from("<H", stream, at)[0])
        elif kind == _PASSWORD:
            raise ForbiddenFile(file, "a password", "a plain workbook", "Save it without a password.", code="encrypted")
        elif kind == _SUPBOOK and length > 4:
            book.external_links.append(f"external workbook {len(book.external_links) + 1}")
        elif kind == _EOF:
            break
    for name, start in starts:
        book.sheets[name] = _sheet(stream, start, file, name)
    return book


def _sheet_name(stream: bytes, at: int) -> str:
    length, flags = stream[at + 6], stream[at + 7]
    width = 2 if flags & 1 else 1
    return stream[at + 8 : at + 8 + length * width].decode("utf-16-le" if width == 2 else "latin-1", "replace")


def _sheet(stream: bytes, start: int, file: str, name: str) -> SheetMarks:
    marks, depth = SheetMarks(), 0
    for kind, at, length in _records(stream, start):
        if kind == _BOF:
            depth += 1  # a chart within the sheet is a sheet of its own
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                break
        elif depth == 1 and kind in _MARKED:
            _mark(marks, kind, stream[at : at + length], file, name)
    return marks


def _mark(marks: SheetMarks, kind: int, body: bytes, file: str, name: str) -> None:
    first, second = struct.unpack_from("<HH", body)
    if kind == _ROW:
        if body[12] & 0x20:
            marks.hidden_rows.add(first + 1)
    elif kind == _COLINFO:
        if body[8] & 1:
            marks.hidden_columns.append((first, second))
    elif kind == _FORMULA:
        marks.formulas.setdefault(second, []).append(first + 1)
        if body[6] == 2 and body[12:14] == b"\xff\xff":
            marks.errors.setdefault(second, []).append(first + 1)
    elif kind == _BOOLERR:
        if body[7]:
            marks.errors.setdefault(second, []).append(first + 1)
    elif len(body) >= 14:
        last_row, _, last_column = struct.unpack_from("<IHH", body, 4)
        refuse_extent(min(last_row, 65_536), min(last_column, 256), file, name)
