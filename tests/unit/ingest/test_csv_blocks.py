"""Whatever a CSV holds, its blocks give the cells that a strict reader gives from the start, or the file is refused."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import DeliveryError
from ingest.readers import csv_blocks as blocks
from ingest.readers import csv_text
from ingest.readers.headings import SEARCHED_ROWS

SPEC = {
    "format": "csv",
    "encoding": "gb18030",
    "tables": [
        {
            "name": "t",
            "melt": None,
            "columns": [
                {"name": n, "headers": [h], "kind": "text", "optional": False, "is_control_sum": False}
                for n, h in (("a", "甲"), ("b", "乙"), ("c", "丙"))
            ],
        }
    ],
}
HEAD = "甲,乙,丙"
CELLS = st.text(st.sampled_from('ab1,"\n\r 埇堌𠀀\t;'), max_size=6)
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=60)


def strictly(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))[1:]


def by_blocks(content: bytes, size: int, pieces: int) -> tuple[list[list[str]], list[int]]:
    """The rows and their numbers, the file coming in pieces, its blocks as small as they can be."""
    before = blocks.BLOCK_BYTES, blocks.HEAD_BYTES
    blocks.BLOCK_BYTES, blocks.HEAD_BYTES, csv_text.SEARCHED_ROWS = size, 40, 1
    try:
        chunks = (content[start : start + pieces] for start in range(0, len(content), pieces))
        parts = list(csv_text.stream(chunks, "a file", SPEC))
    finally:
        (blocks.BLOCK_BYTES, blocks.HEAD_BYTES), csv_text.SEARCHED_ROWS = before, SEARCHED_ROWS
    rows = [list(row.values()) for part in parts for row in part.rows.to_pylist()]
    left_out = [entry["row"] for part in parts for entry in part.left_out]
    return [row[:-1] for row in rows], sorted([row[-1] for row in rows] + left_out)


@given(rows=ROWS, quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]), end=st.sampled_from(["\n", "\r\n"]))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_well_formed_files_are_read_as_they_were_written(
    encoding: str, rows: list[tuple[str, ...]], quoting: int, end: str
) -> None:
    if quoting == csv.QUOTE_MINIMAL:  # that writer leaves a carriage return bare
        rows = [tuple(cell.replace("\r", "") for cell in row) for row in rows]
    sink = io.StringIO(newline="")
    csv.writer(sink, quoting=quoting, lineterminator=end).writerows(rows)
    text = HEAD + end + sink.getvalue()
    found, numbers = by_blocks(text.encode(encoding), 64, 37)
    assert found == [list(r) for r in rows if any(cell.strip() for cell in r)]
    assert numbers == list(range(2, len(rows) + 2))


@given(st.lists(st.text(st.sampled_from('a,"\n\r埇'), max_size=12), max_size=40))
def test_any_text_is_read_exactly_or_refused(lines: list[str]) -> None:
    text = "\n".join([HEAD, *lines, ""])
    try:
        found, _ = by_blocks(text.encode(), 48, 29)
    except DeliveryError:
        return
    assert found == [row for row in strictly(text) if any(cell.strip() for cell in row)]


@given(st.binary(max_size=200), st.integers(0, 400))
def test_bytes_that_are_no_text_are_refused_or_read_whole(noise: bytes, place: int) -> None:
    lines = "".join(f"{n},埇桥,丙{n}\n" for n in range(40)).encode()
    content = f"{HEAD}\n".encode() + lines[:place] + noise + lines[place:]
    try:
        found, _ = by_blocks(content, 64, 31)
    except DeliveryError:
        return
    text = content.decode("utf-8")
    assert found == [row for row in strictly(text) if any(cell.strip() for cell in row)]


@pytest.mark.parametrize("late", ["埇", "\U00020000"])
def test_an_encoding_that_shows_late_is_still_found(late: str) -> None:
    rows = [f"{n},b,c" for n in range(100)]
    for encoding in ("utf-8", "gb18030"):
        content = "\n".join([HEAD, *rows, f"z,{late},c", *rows, ""]).encode(encoding)
        found, _ = by_blocks(content, 64, 50)
        assert found[100] == ["z", late, "c"]


def test_carriage_returns_alone_are_no_line_ends() -> None:
    with pytest.raises(DeliveryError, match="line end"):
        by_blocks(f"{HEAD}\r1,2,3\r4,5,6".encode(), 64, 50)


def test_a_quote_that_stands_inside_a_cell_does_not_swallow_the_lines_below() -> None:
    rows = [f'{n},5" Rohr,c' for n in range(31)]
    found, numbers = by_blocks("\n".join([HEAD, *rows, ""]).encode(), 64, 50)
    assert [row[1] for row in found] == ['5" Rohr'] * 31
    assert numbers == list(range(2, 33))
