"""Reads workbooks through raw calamine cells: a number stays a number until it is known what the column holds."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum, ZipError

from ingest.errors import BrokenContract, ForbiddenFile, UnreadableFile
from ingest.readers import Parsed, Spec, text_table
from ingest.readers.headings import Heading, apply_unit_line, find_heading, kind_of_row
from ingest.values import STORED_AS_NUMBER, plain

_ROW_LIMITS = {1_048_576: "xlsx", 65_536: "xls"}
_MAX_RATIO = 200
_MAX_MEMBERS = 2_000
_MAX_UNPACKED = 1_500_000_000
_EXACT = 2**53
_IDENTITY = frozenset({"id_number", "household_no", "person_no"})


def read(content: bytes, file: str, spec: Spec) -> Parsed:
    """The workbook's rows as text, sheet after sheet. Raises UnreadableFile, ForbiddenFile or BrokenContract."""
    refuse_unsafe(content, file)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        refuse_hidden(book, file)
        sheets = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except (CalamineError, ZipError, OSError, ValueError) as error:
        raise UnreadableFile(
            file,
            f"a workbook that does not open ({type(error).__name__})",
            "xlsx or xls",
            "Save it again and resend it.",
        ) from error
    read_sheets = [_sheet(name, cells, file, spec) for name, cells in sheets if _has_content(cells)]
    if not read_sheets:
        raise UnreadableFile(
            file, "no cell with content", "a sheet with a header", "Send at least the header.", code="empty_file"
        )
    return _joined(read_sheets, file)


def refuse_unsafe(content: bytes, file: str) -> None:
    """Looks at the bytes alone. Raises ForbiddenFile for macros, databases, Parquet and zip bombs, unopened."""
    if not content:
        raise UnreadableFile(
            file, "0 bytes", "a workbook", "Export the file again and send it anew.", code="empty_file"
        )
    if content.startswith(b"PAR1") or content[8:12] == b"DUCK":
        raise ForbiddenFile(file, "a database or Parquet file", "xlsx or xls", "Send the workbook itself.")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        # An old workbook (or an encrypted new one) carries macros in a storage of this name, written as UTF-16.
        if "_VBA_PROJECT".encode("utf-16-le") in content:
            raise ForbiddenFile(file, "macros", "a workbook without macros", "Save it as .xlsx without macros.")
        return
    if not content.startswith(b"PK"):
        raise UnreadableFile(
            file, "bytes that are no workbook", "xlsx or xls", "Send the workbook itself, not a page or text."
        )
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise UnreadableFile(file, "a damaged zip", "xlsx", "The file was cut short: send it again.") from error
    unpacked = sum(m.file_size for m in members)
    if len(members) > _MAX_MEMBERS or unpacked > _MAX_UNPACKED or unpacked > _MAX_RATIO * max(len(content), 10_000):
        raise ForbiddenFile(
            file,
            f"{len(members)} parts that unpack to {unpacked:,} bytes",
            f"at most {_MAX_MEMBERS} parts, {_MAX_RATIO} times the file's size and {_MAX_UNPACKED:,} bytes",
            "Split the workbook, or send CSV.",
            code="zip_bomb",
        )
    if any(m.filename.lower().endswith(("vbaproject.bin", ".exe", ".dll")) for m in members):
        raise ForbiddenFile(file, "macros", "a workbook without macros", "Save it as .xlsx without macros.")


def refuse_hidden(book: CalamineWorkbook, file: str) -> None:
    """Raises ForbiddenFile naming hidden sheets: what the sender does not see must not land."""
    hidden = [s.name for s in book.sheets_metadata if s.visible != SheetVisibleEnum.Visible]
    other = [s.name for s in book.sheets_metadata if s.typ in (SheetTypeEnum.MacroSheet, SheetTypeEnum.Vba)]
    if hidden or other:
        raise ForbiddenFile(
            file,
            "hidden or macro sheets: " + "、".join(hidden + other),
            "visible sheets only",
            "Unhide or delete these sheets and send the file again.",
            sheet=(hidden + other)[0],
            code="hidden_sheet",
        )


def _has_content(cells: list[list[Any]]) -> bool:
    return any(cell not in ("", None) for row in cells for cell in row)


def _sheet(name: str, cells: list[list[Any]], file: str, spec: Spec) -> Parsed:
    if len(cells) in _ROW_LIMITS:
        raise BrokenContract(
            file,
            f"exactly {len(cells):,} rows: row limit reached",
            f"fewer rows than a {_ROW_LIMITS[len(cells)]} sheet can hold",
            "Rows beyond the limit are lost in such an export: split the file or send CSV.",
            sheet=name,
            row=len(cells),
            code="row_limit_reached",
        )
    first_rows = [[_heading_text(c) for c in row] for row in cells[:10]]
    heading = find_heading(first_rows, file, spec, name)
    kinds = {c["name"]: c["kind"] for c in heading.table["columns"]}
    left_out: list[dict[str, Any]] = [{"row": i + 1, "why": "title", "sheet": name} for i in range(heading.row)]
    totals: dict[str, str] = {}
    kept, numbers = [], []
    for number, row in enumerate(cells[heading.row + 1 :], heading.row + 2):
        kind = _kind(row)
        if kind is None:
            kept.append(row)
            numbers.append(number)
            continue
        left_out.append({"row": number, "why": kind, "sheet": name})
        if kind == "totals":
            totals = _totals(row, heading, kinds)
    columns: dict[str, list[str | None]] = {
        column: [as_text(row[position], kinds[column]) for row in kept]
        for column, position in heading.positions.items()
    }
    facts = {"sheets": [name], "header_row": heading.row + 1, "unknown_columns": heading.unknown}
    units = apply_unit_line(heading, first_rows[: heading.row])
    return Parsed(heading.table["name"], text_table(columns, numbers), left_out, totals, units, facts)


def _kind(row: list[Any]) -> str | None:
    """As `kind_of_row`, spared for rows whose first cell is filled by what no totals or footer row begins with."""
    first = row[0] if row else ""
    if first != "" and not isinstance(first, str):
        return None
    return kind_of_row(["" if c is None else str(c) for c in row])


def _totals(row: list[Any], heading: Heading, kinds: dict[str, str]) -> dict[str, str]:
    summed = [c["name"] for c in heading.table["columns"] if c["is_control_sum"] and c["name"] in heading.positions]
    cells = {name: as_text(row[heading.positions[name]], kinds[name]) for name in summed}
    return {name: cell for name, cell in cells.items() if plain(cell)}


def _heading_text(cell: Any) -> str:
    return "" if cell is None else as_text(cell, "text")


def as_text(cell: Any, kind: str) -> str:
    """A raw cell as the text that a careful clerk would have typed.

    An identity number that was stored as a number is marked: beyond 15 digits a spreadsheet has replaced the rest.
    A household number within them is exact, and is taken.
    """
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        whole = float(cell).is_integer() and abs(cell) < _EXACT
        text = str(int(cell)) if whole else repr(cell)
        lossless = whole and kind in _IDENTITY - {"id_number"} and len(text) <= 15
        return STORED_AS_NUMBER + text if kind in _IDENTITY and not lossless else text
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell.total_seconds() / 86_400) if isinstance(cell, timedelta) else str(cell)


def _joined(sheets: list[Parsed], file: str) -> Parsed:
    """Sheets of one table become one; their totals rows are added up by nobody, so only a lone sheet is checked."""
    first = sheets[0]
    if len(sheets) == 1:
        return first
    if any(s.table != first.table or s.units != first.units for s in sheets):
        raise BrokenContract(
            file, "sheets of different tables or units", "one table a file", "Send each table as a file of its own."
        )
    names = first.rows.column_names
    if any(set(s.rows.column_names) != set(names) for s in sheets):
        raise BrokenContract(file, "sheets with different columns", "the same columns on each", "Align the sheets.")
    start, parts = 0, []
    origin: dict[str, list[int]] = {}
    for sheet in sheets:
        # Row numbers run on from sheet to sheet, so that each names one row; facts say where each sheet begins.
        numbers = pa.array([n + start for n in sheet.rows["row_number"].to_pylist()], pa.int64())
        position = sheet.rows.column_names.index("row_number")
        parts.append(sheet.rows.set_column(position, "row_number", numbers).select(names))
        origin[sheet.facts["sheets"][0]] = [start]
        start += max([*sheet.rows["row_number"].to_pylist(), *(e["row"] for e in sheet.left_out), 1])
    facts = {**first.facts, "sheets": list(origin), "sheet_offsets": {k: v[0] for k, v in origin.items()}}
    left_out = [entry for s in sheets for entry in s.left_out]
    return Parsed(first.table, pa.concat_tables(parts), left_out, {}, first.units, facts)
