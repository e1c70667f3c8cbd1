"""Cuts a stream of CSV bytes at the ends of records, and parses such a block at once where that is exact.

UTF-8 and the GB encodings are parsed as bytes: no comma, tab, semicolon, quote or line end is ever part of one of their
characters. Everything else is transcoded on the way in. A block that Arrow could read otherwise than a strict CSV
reader does is not parsed here: the caller reads it record by record.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

BLOCK_BYTES = 24 << 20
HEAD_BYTES = 1 << 20
LONGEST_RECORD = 64 << 20
_TAIL_RECORDS = 12
_GB = frozenset({"gb18030", "gbk", "gb2312", "cp936"})
_NEWLINE, _RETURN, _QUOTE = 10, 13, 34

_Marks = npt.NDArray[np.int64]


class Undecodable(ValueError):
    """Bytes that are no text in the encoding; `line` counts from 1 within what was looked at."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


def gathered(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in pieces of at least `size`, but for the last."""
    waiting: list[bytes] = []
    length = 0
    for chunk in chunks:
        waiting.append(chunk)
        length += len(chunk)
        if length >= size:
            yield b"".join(waiting)
            waiting, length = [], 0
    if waiting:
        yield b"".join(waiting)


def transcoded(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The text of the pieces as UTF-8. Raises Undecodable with the line in the whole file."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    last = False
    for piece in _with_end(pieces):
        last = piece is None
        try:
            text = decoder.decode(piece or b"", final=last)
        except UnicodeDecodeError as error:
            raise Undecodable(lines + error.object[: error.start].decode(encoding, "replace").count("\n")) from error
        lines += text.count("\n")
        if text:
            yield text.encode()


def _with_end(pieces: Iterable[bytes]) -> Iterator[bytes | None]:
    yield from pieces
    yield None


def parsed_as_bytes(encoding: str, delimiter: str) -> bool:
    """Whether blocks in this encoding can be cut and split without decoding them first."""
    return encoding in {"utf-8", "utf-8-sig"} or (encoding in _GB and delimiter in ",\t;")


def decoded(block: bytes, encoding: str) -> str:
    """Strictly. Raises Undecodable with the line within the block."""
    try:
        return block.decode(encoding)
    except UnicodeDecodeError as error:
        raise Undecodable(block.count(b"\n", 0, error.start) + 1) from error


@dataclass
class Cut:
    """A block of whole records, and what follows it; `whole` is False where no end of a record was found."""

    block: bytes
    rest: bytes
    whole: bool = True


def cut(data: bytes, *, at_end: bool) -> Cut:
    """Splits off all but the last dozen records: footers stand at the end, and are looked at one by one."""
    ends = _record_ends(data)
    if ends is None or len(ends) <= _TAIL_RECORDS:
        return Cut(b"", data, whole=at_end or len(data) < LONGEST_RECORD)
    at = int(ends[-1 - _TAIL_RECORDS]) + 1
    return Cut(data[:at], data[at:])


def _record_ends(data: bytes) -> _Marks | None:
    """Where records end: line ends outside quotes. Without quotes the last of them are enough."""
    if b'"' not in data:
        ends: list[int] = []
        position = len(data)
        while len(ends) <= _TAIL_RECORDS and (position := data.rfind(b"\n", 0, position)) >= 0:
            ends.append(position)
        return np.array(ends[::-1], dtype=np.int64)
    cells = np.frombuffer(data, np.uint8)
    newlines = np.flatnonzero(cells == _NEWLINE)
    quotes = np.flatnonzero(cells == _QUOTE)
    outside: _Marks = newlines[np.searchsorted(quotes, newlines) % 2 == 0]
    return outside


def is_exact(block: bytes, delimiter: str) -> bool:
    """Whether Arrow reads the block as a strict CSV reader does: every line end and quote where RFC 4180 has it.

    Blank lines, which Arrow passes over, are looked for here only where quotes stand; elsewhere rows are counted.
    """
    if b"\r" in block and block.count(b"\r") != block.count(b"\r\n"):
        return False
    if b'"' not in block:
        return True
    blank = b"\n\n" in block or b"\n\r\n" in block or block.startswith((b"\n", b"\r"))
    return not blank and has_sound_quotes(block, delimiter)


def has_sound_quotes(block: bytes, delimiter: str) -> bool:
    """A quote opens after a delimiter or line end and closes before one; within a cell it is doubled."""
    if b'"' not in block:
        return True
    cells = np.frombuffer(block, np.uint8)
    marks = np.flatnonzero(cells == _QUOTE)
    if len(marks) % 2:
        return False
    bounds = np.zeros(256, dtype=bool)
    bounds[[_NEWLINE, _RETURN, ord(delimiter)]] = True
    opens, closes = marks[0::2], marks[1::2]
    doubled = opens[1:] == closes[:-1] + 1
    opened = bounds[cells[opens[1:] - 1]] | doubled
    closed = bounds[cells[closes[:-1] + 1]] | doubled
    first = opens[0] == 0 or bounds[cells[opens[0] - 1]]
    last = closes[-1] + 1 == len(cells) or bounds[cells[closes[-1] + 1]]
    return bool(first and last and opened.all() and closed.all())


def split(block: bytes, encoding: str, delimiter: str, width: int) -> pa.Table | None:
    """The block's cells as text, columns named by their position; None where rows differ in width, or lines are blank.

    Raises Undecodable for bytes that are no text in the encoding.
    """
    names = [str(position) for position in range(width)]
    as_bytes = encoding in _GB and not block.isascii()
    kind = pa.binary() if as_bytes else pa.string()
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(block),
            read_options=pyarrow.csv.ReadOptions(column_names=names, use_threads=False, block_size=len(block) + 1),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=delimiter, quote_char='"' if b'"' in block else False, newlines_in_values=b'"' in block
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, kind), include_columns=names, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        decoded(block, encoding)  # either this says where the bytes are no text, or the rows are ragged
        return None
    if b'"' not in block and len(table) != block.count(b"\n"):
        return None
    if not as_bytes:
        return table
    try:
        return pa.table([_text(column.combine_chunks(), encoding) for column in table.columns], names=names)
    except Undecodable:
        decoded(block, encoding)  # says on which line
        raise


def _text(column: pa.Array, encoding: str) -> pa.Array:
    """Cells in a GB encoding → text. What is ASCII is text already; the rest is decoded in one go."""
    _, offsets, data = column.buffers()
    ends: Any = np.frombuffer(offsets, np.int32, count=len(column) + 1)
    content = bytes(memoryview(data)[ends[0] : ends[-1]]) if data is not None else b""
    if content.isascii():
        return column.cast(pa.string())
    encoded = column.dictionary_encode()
    if len(encoded.dictionary) * 4 < len(column):
        words = [decoded(word, encoding) for word in encoded.dictionary.to_pylist()]
        return pa.array(words, pa.string()).take(encoded.indices)
    return pa.array([decoded(word, encoding) for word in column.to_pylist()], pa.string())


def whole_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, each piece ending where a line ends. Raises Undecodable for a line without end."""
    rest = b""
    for piece in pieces:
        end = piece.rfind(b"\n") + 1
        if end:
            yield rest + piece[:end]
            rest = piece[end:]
        else:
            rest += piece
        if len(rest) > LONGEST_RECORD:
            raise Undecodable(1)
    if rest:
        yield rest


def repeating(column: pa.Array) -> pa.Array:
    """The column as a dictionary where its values come back often, so that each is sent and read once."""
    sample = column.slice(0, 4096)
    if len(pc.unique(sample)) * 2 > len(sample) or len(column) < len(sample) * 2:
        return column
    return column.dictionary_encode()
