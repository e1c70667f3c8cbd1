"""Makes the workbooks of the fault cases: sound ones, ones with a single defect, and archives that are traps."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import xlsxwriter

SITE_HEADER = [
    *("统计月份", "安置点编码", "安置点名称", "乡镇代码", "安置户数", "安置人口", "劳动力人数", "已就业人数"),
    *("有劳动力户数", "零就业户数", "零就业超30天户数"),
]
Cells = Sequence[Sequence[Any]]
Dress = Callable[[Any, Any], None]


def site(number: int, month: str | int = "2021-01") -> list[Any]:
    """One resettlement site's row."""
    return [month, f"S{number:02d}", f"幸福里{number}号", "341302101", 100, 400, 200, 180, 90, 2, 1]


def xlsx(
    rows: Cells, dress: Dress | None = None, *, sheet: str = "一月", options: Mapping[str, Any] | None = None
) -> bytes:
    """An xlsx of one sheet; `dress(book, sheet)` adds what is special about it."""
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True, **(options or {})}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        if dress:
            dress(book, page)
    return sink.getvalue()


def sites(count: int = 2, dress: Dress | None = None) -> bytes:
    """A sound monthly list of sites, or one dressed with a defect."""
    return xlsx([SITE_HEADER, *(site(n) for n in range(1, count + 1))], dress)


def rezipped(content: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """The same archive with members replaced, removed (None) or added; checksums are made anew."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in changes:
                target.writestr(name, source.read(name))
        for name, changed in changes.items():
            if changed is not None:
                target.writestr(name, changed)
    return sink.getvalue()


def member(content: bytes, name: str) -> bytes:
    """One member's bytes."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        return source.read(name)


def overlapping(copies: int = 200) -> bytes:
    """An archive whose entries all point at one and the same packed member."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("xl/workbook.xml", b" " * 60_000)
        entry = target.getinfo("xl/workbook.xml")
        for number in range(copies):
            twin = zipfile.ZipInfo(f"xl/worksheets/sheet{number}.xml")
            for field in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
                setattr(twin, field, getattr(entry, field))
            target.filelist.append(twin)
            target.NameToInfo[twin.filename] = twin
    return sink.getvalue()


def xls(
    rows: Cells,
    *,
    is_1904: bool = False,
    hidden_rows: Sequence[int] = (),
    hidden_columns: Sequence[int] = (),
    hidden_sheet: bool = False,
    formulas: Mapping[tuple[int, int], float | None] | None = None,
    merged: Sequence[tuple[int, int, int, int]] = (),
) -> bytes:
    """An xls (BIFF8) of one sheet; a formula's value None is the error #REF!. Rows and columns count from 0."""
    body = [_record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))]
    width = max(len(r) for r in rows)
    body.append(_record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0)))
    body += [_record(0x7D, struct.pack("<HHHHHH", c, c, 2560, 15, 1, 0)) for c in hidden_columns]
    for number in range(len(rows)):
        flags = 0x20 if number in hidden_rows else 0
        body.append(_record(0x208, struct.pack("<HHHHHHHH", number, 0, width, 255, 0, 0, flags | 0x100, 15)))
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            place = struct.pack("<HHH", number, column, 0)
            if formulas and (number, column) in formulas:
                value = formulas[number, column]
                result = b"\x02\x00\x17\x00\x00\x00\xff\xff" if value is None else struct.pack("<d", value)
                body.append(_record(0x06, place + result + struct.pack("<HIH", 0, 0, 3) + b"\x1e\x01\x00"))
            elif isinstance(cell, int | float):
                body.append(_record(0x203, place + struct.pack("<d", cell)))
            elif cell != "":
                body.append(_record(0x204, place + _text(str(cell), "<H")))
    if merged:
        spans = b"".join(struct.pack("<HHHH", *span) for span in merged)
        body.append(_record(0xE5, struct.pack("<H", len(merged)) + spans))
    body.append(_record(0x0A, b""))
    name = _text("一月", "<B")
    start = [
        _record(0x809, struct.pack("<HHHHII", 0x600, 0x05, 0, 0, 0, 0)),
        _record(0x42, struct.pack("<H", 1200)),
        _record(0x22, struct.pack("<H", int(is_1904))),
    ]
    before = sum(map(len, start)) + 4 + 6 + len(name) + 4
    start += [_record(0x85, struct.pack("<IBB", before, int(hidden_sheet), 0) + name), _record(0x0A, b"")]
    return _compound(b"".join(start + body))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _text(text: str, size: str) -> bytes:
    return struct.pack(size, len(text)) + b"\x01" + text.encode("utf-16-le")


def _compound(stream: bytes) -> bytes:
    """A compound file that holds one stream, named Workbook."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // 512)
    shares = -(-(sectors + 2) // 127)
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    links = [*range(1, sectors), end, end, *[0xFFFFFFFD] * shares]
    table = links + [free] * (128 * shares - len(links))
    head = struct.pack("<8s16sHHHHH6x4xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
                       shares, sectors, 0, 4096, end, 0, end, 0, sectors + 1)  # fmt: skip
    head += struct.pack("<108I", *range(sectors + 2, sectors + 1 + shares), *[free] * (109 - shares))
    entries = _entry("Root Entry", 5, 1, end, 0) + _entry("Workbook", 2, free, 0, len(stream)) + bytes(256)
    return head + stream.ljust(sectors * 512, b"\0") + entries + struct.pack(f"<{len(table)}I", *table)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    free = 0xFFFFFFFF
    coded = name.encode("utf-16-le") + b"\0\0"
    return coded.ljust(64, b"\0") + struct.pack("<HBBIII36xIQ", len(coded), kind, 1, free, free, child, start, size)
