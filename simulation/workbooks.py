"""Writes one worksheet as xlsx, whole columns at a time: a general writer takes a step per cell, of millions.

The bytes depend on the cells alone: inline strings, no styles, one fixed clock.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulation.columns import Columns

NUMBER = "\x1f"
"""Begins the text of a cell that is to be written as a number although its column is text."""

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
)
_PACKAGE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FIXED = {
    "[Content_Types].xml": (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_PACKAGE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_PACKAGE}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        f' xmlns:r="{_RELATIONS}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
}


def _letters(place: int) -> str:
    """A, B … Z, AA for the columns from 0."""
    letters = ""
    while place >= 0:
        place, rest = divmod(place, 26)
        letters, place = chr(65 + rest) + letters, place - 1
    return letters


def _text_cell(place: int, row: int, text: str) -> str:
    return f'<c r="{_letters(place)}{row}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _escaped(texts: pa.Array) -> pa.Array:
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        if pc.any(pc.match_substring(texts, sign)).as_py():
            texts = pc.replace_substring(texts, sign, name)
    return texts


def _cells(column: pa.Array, place: int, rows: pa.Array) -> pa.Array:
    """One column's cells as XML; an empty cell is no cell."""
    begin = pc.binary_join_element_wise(f'<c r="{_letters(place)}', rows, "")
    if not pa.types.is_string(column.type):
        made = pc.binary_join_element_wise(begin, '"><v>', pc.cast(column, pa.string()), "</v></c>", "")
        return pc.fill_null(made, "")
    texts = pc.fill_null(column, "")
    made = pc.binary_join_element_wise(
        begin, '" t="inlineStr"><is><t xml:space="preserve">', _escaped(texts), "</t></is></c>", ""
    )
    numeric = pc.starts_with(texts, NUMBER)
    if pc.any(numeric, min_count=0).as_py():
        figures = pc.binary_join_element_wise(begin, '"><v>', pc.utf8_slice_codeunits(texts, 1), "</v></c>", "")
        made = pc.if_else(numeric, figures, made)
    return pc.if_else(pc.equal(texts, ""), "", made)


def joined_bytes(texts: pa.Array) -> memoryview:
    """All texts of an array without nulls, end to end in UTF-8, uncopied."""
    if not len(texts):
        return memoryview(b"")
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int32)
    first, last = int(offsets[texts.offset]), int(offsets[texts.offset + len(texts)])
    return memoryview(texts.buffers()[2])[first:last] if last > first else memoryview(b"")


def write_workbook(
    path: Path,
    columns: Columns,
    created: datetime,
    *,
    above: Sequence[str] = (),
    totals: Mapping[str, float] | None = None,
) -> None:
    """One sheet: lines above (the first merged over the table, as titles are), the header, the rows, a totals row.

    Numbers are written as numbers, text as text; nulls and empty texts are empty cells.
    """
    height = len(next(iter(columns.values())))
    top = len(above) + 1
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        clock = created.timetuple()[:6]
        for name, text in _FIXED.items():
            # A few hundred bytes are not worth compressing, in thousands of files.
            book.writestr(_member(name, clock), text, zipfile.ZIP_STORED)
        with book.open(_member("xl/worksheets/sheet1.xml", clock), "w", force_zip64=True) as sheet:
            sheet.write((_HEAD + "<sheetData>").encode())
            for row, line in enumerate(above, 1):
                sheet.write(f'<row r="{row}">{_text_cell(0, row, line)}</row>'.encode())
            heads = "".join(_text_cell(place, top, header) for place, header in enumerate(columns))
            sheet.write(f'<row r="{top}">{heads}</row>'.encode())
            if height:
                rows = pc.cast(pa.array(np.arange(top + 1, top + 1 + height)), pa.string())
                cells = (_cells(column, place, rows) for place, column in enumerate(columns.values()))
                sheet.write(joined_bytes(pc.binary_join_element_wise('<row r="', rows, '">', *cells, "</row>", "")))
            if totals is not None:
                sheet.write(_totals_row(columns, totals, top + 1 + height).encode())
            merged = f'<mergeCells count="1"><mergeCell ref="A1:{_letters(len(columns) - 1)}1"/></mergeCells>'
            sheet.write(f"</sheetData>{merged if above and len(columns) > 1 else ''}</worksheet>".encode())


def _member(name: str, clock: tuple[int, ...]) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, (clock[0], clock[1], clock[2], clock[3], clock[4], clock[5]))
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _totals_row(columns: Columns, totals: Mapping[str, float], row: int) -> str:
    cells = [_text_cell(0, row, "合计")]
    for place, header in enumerate(columns):
        if header in totals:
            cells.append(f'<c r="{_letters(place)}{row}"><v>{totals[header]:.2f}</v></c>')
    return f'<row r="{row}">{"".join(cells)}</row>'
