"""Reads workbooks as offices make them (xls, xlsx, et) through calamine, column by column; formulas are never run."""

from __future__ import annotations

import gc
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum, ZipError

from ingest.errors import BrokenContract, ForbiddenFile, UnreadableFile
from ingest.readers import Parsed, Spec, biff, ooxml
from ingest.readers.archive import opened
from ingest.readers.cells import as_text, refuse_column_of_numbers, refuse_long_cells, text_column
from ingest.readers.headings import Heading, apply_unit_line, find_heading, kind_of_row, unit_row, units_of_row
from ingest.readers.joining import joined
from ingest.readers.melting import melted
from ingest.readers.sheet_marks import BookMarks, SheetMarks, letters, refuse_hidden_cells
from ingest.values import plain

_ROW_LIMITS = {1_048_576: "xlsx", 65_536: "xls"}
_HEADER_LEVELS = 3
_FIRST_ROWS = 14
_FOOT_ROWS = 12
_SUSPECT = r"^\s*$|^\s*[合总]\s*计|^\s*(填|制表|审核|复核|备注|说明|注[:：]|单位|联系|报送|数据来源|SOURCE|Source)"
_OLD_MACROS = "_VBA_PROJECT".encode("utf-16-le")

Rows = list[list[Any]]


def read(content: bytes, file: str, spec: Spec) -> Parsed:
    """The workbook's rows as text, sheet after sheet. Raises UnreadableFile, ForbiddenFile or BrokenContract."""
    marks = inspected(content, file)
    with _without_collector():
        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(content))
            refuse_hidden(book, file, tuple(spec.get("known_hidden_sheets", ())))
            names, left = _chosen(book, file, spec)
            parts = [_sheet(n, book.get_sheet_by_name(n), marks, file, spec) for n in names]
        except (CalamineError, ZipError, OSError, ValueError) as error:
            raise _does_not_open(file, error) from error
        except BaseException as error:
            if type(error).__name__ == "PanicException":  # the parser's own assertion; its class cannot be imported
                raise _does_not_open(file, error) from error
            raise
    found = [part for part in parts if part is not None]
    if not found:
        raise UnreadableFile(
            file, "no cell with content", "a sheet with a header", "Send at least the header.", code="empty_file"
        )
    parsed = joined(found, file)
    parsed.facts |= marks.facts() | ({"sheets_left_out": left} if left else {})
    return parsed


def _does_not_open(file: str, error: BaseException) -> UnreadableFile:
    found = f"a workbook that does not open ({type(error).__name__})"
    return UnreadableFile(file, found, "xlsx or xls", "Save it again and resend it.")


def inspected(content: bytes, file: str) -> BookMarks:
    """Looks at the bytes before the parser does. Raises ForbiddenFile or UnreadableFile, unopened."""
    if not content:
        raise UnreadableFile(
            file, "0 bytes", "a workbook", "Export the file again and send it anew.", code="empty_file"
        )
    if content.startswith(b"PAR1") or content[8:12] == b"DUCK":
        raise ForbiddenFile(
            file, "a database or Parquet file", "xlsx or xls", "Send the workbook itself.", code="forbidden_type"
        )
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        # An old workbook (or an encrypted new one) carries macros in a storage of this name, written as UTF-16.
        if _OLD_MACROS in content:
            raise ForbiddenFile(
                file, "macros", "a workbook without macros", "Save it as .xlsx without macros.", code="macros"
            )
        return biff.inspected(content, file)
    if not content.startswith(b"PK"):
        is_page = re.match(rb"\s*(\xef\xbb\xbf)?\s*<", content[:200]) is not None
        raise UnreadableFile(
            file,
            "a web page or XML" if is_page else "bytes that are no workbook",
            "xlsx or xls",
            "Send the workbook itself, not a page or text.",
            code="web_page" if is_page else "rejected",
        )
    return ooxml.inspected(opened(content, file))


@contextmanager
def _without_collector() -> Iterator[None]:
    """Millions of new cells, none in a cycle: looking for cycles among them takes longer than reading them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def refuse_hidden(book: CalamineWorkbook, file: str, known: Sequence[str] = ()) -> None:
    """Raises ForbiddenFile naming hidden sheets: what the sender does not see must not land.

    A sheet that the contract knows to be hidden in this publisher's every file may be, as long as it is empty.
    """
    hidden = [
        s.name
        for s in book.sheets_metadata
        if s.visible != SheetVisibleEnum.Visible
        and not (
            s.name in known and not any(c != "" for row in book.get_sheet_by_name(s.name).to_python() for c in row)
        )
    ]
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


def _chosen(book: CalamineWorkbook, file: str, spec: Spec) -> tuple[list[str], list[str]]:
    """The sheets that hold data by the contract's pattern (all, if it has none), and the others."""
    sheets = [s.name for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
    visible = [s.name for s in book.sheets_metadata if s.visible == SheetVisibleEnum.Visible and s.name in sheets]
    pattern = spec.get("sheet")
    names = [n for n in visible if not pattern or re.search(pattern, n)]
    if pattern and not names:
        raise BrokenContract(
            file,
            "the sheets " + "、".join(visible)[:300],
            f"a sheet named like {pattern}",
            "Restore the sheet's name and send the file again.",
            code="missing_sheet",
        )
    return names, [s.name for s in book.sheets_metadata if s.name not in names]


def _sheet(name: str, sheet: CalamineSheet, book: BookMarks, file: str, spec: Spec) -> Parsed | None:
    """One sheet; None without any cell."""
    cells: Rows = sheet.to_python(skip_empty_area=False)
    refuse_row_limit(len(cells), file, name)
    if not any(c != "" for row in cells[:_FIRST_ROWS] for c in row) and not any(c != "" for row in cells for c in row):
        return None
    marks = book.sheets.get(name, SheetMarks())
    refuse_hidden_cells(marks, cells, file, name)
    merged = sheet.merged_cell_ranges or []
    first_rows = [[as_text(c, "text") for c in row] for row in cells[:_FIRST_ROWS]]
    heading = find_heading(first_rows, file, spec, name, levels=_HEADER_LEVELS, merged=merged)
    start = heading.row + 1
    left_out: list[dict[str, Any]] = [
        {"row": i + 1, "why": "title" if i < heading.first_row else "header", "sheet": name} for i in range(heading.row)
    ]
    units = apply_unit_line(heading, first_rows[: heading.first_row])
    members: dict[int, str] = {}
    if start < len(first_rows) and unit_row(first_rows[start]):
        left_out.append({"row": start + 1, "why": "units", "sheet": name})
        units |= units_of_row(heading, first_rows[start])
        members = {p: plain(first_rows[start][p]).strip("()") for p in heading.family.values()}
        start += 1
    body = cells[start:]
    _fill_merged(body, start, merged)
    parsed = _columns(body, start, heading, name, book.is_1904, left_out)
    parsed.units = units
    nameless = _nameless(body, heading, first_rows)
    parsed.facts = {"sheets": [name], "header_row": heading.row + 1, "unknown_columns": [*heading.unknown, *nameless]}
    refuse_long_cells(parsed.rows, file, name)
    refuse_column_of_numbers(parsed.rows, heading.table["columns"], file, name)
    _mark_rows(parsed, marks, heading)
    return melted(parsed, heading.table, {n: members.get(p, "") for n, p in heading.family.items()})


def _nameless(body: Rows, heading: Heading, first_rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns with content and no heading: told, as any other column that the contract does not know."""
    taken = set(heading.wanted.values())
    rows = first_rows[heading.first_row : heading.row + 1]
    bare = [p for p in range(len(body[0]) if body else 0) if p not in taken and not any(r[p] for r in rows)]
    return [f"(column {letters(p)})" for p in bare if any(row[p] != "" for row in body)]


def refuse_row_limit(height: int, file: str, sheet: str) -> None:
    """Raises BrokenContract at exactly as many rows as a sheet can hold: the rest was cut off by the export."""
    if height in _ROW_LIMITS:
        raise BrokenContract(
            file,
            f"exactly {height:,} rows: row limit reached",
            f"fewer rows than a {_ROW_LIMITS[height]} sheet can hold",
            "Rows beyond the limit are lost in such an export: split the file or send CSV.",
            sheet=sheet,
            row=height,
            code="row_limit_reached",
        )


def _fill_merged(body: Rows, start: int, merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """A cell merged over rows holds for each of them (a household's number beside its members); no other blank does."""
    for (top, left), (bottom, _) in merged:
        if top >= start and bottom > top and top - start < len(body) and left < len(body[top - start]):
            value = body[top - start][left]
            for row in body[top - start + 1 : bottom - start + 1]:
                if row[left] == "":
                    row[left] = value


def _columns(
    body: Rows, start: int, heading: Heading, sheet: str, is_1904: bool, left_out: list[dict[str, Any]]
) -> Parsed:
    kinds = {c["name"]: c["kind"] for c in heading.table["columns"]}
    totals: dict[str, str] = {}
    dropped = []
    for index, why in _no_data(body):
        dropped.append(index)
        left_out.append({"row": start + index + 1, "why": why, "sheet": sheet})
        if why == "totals":
            totals = _totals(body[index], heading, kinds)
    gone = set(dropped)
    kept = [row for index, row in enumerate(body) if index not in gone] if gone else body
    numbers = [n for n in range(start + 1, start + len(body) + 1) if n - start - 1 not in gone]
    by_position = list(zip(*kept, strict=True)) if kept else []
    arrays: dict[str, pa.Array] = {
        name: text_column(by_position[position] if kept else (), kinds.get(name, "decimal"), is_1904=is_1904)
        for name, position in heading.wanted.items()
    }
    arrays["row_number"] = pa.array(numbers, pa.int64())
    return Parsed(heading.table["name"], pa.table(arrays), _shortened(left_out), totals)


def _no_data(body: Rows) -> Iterator[tuple[int, str]]:
    """Rows that are blank, totals or footers: looked for among those whose first cells are blank or say so."""
    if not body:
        return
    width = len(body[0])
    candidates: set[int] = set()
    ended = False
    for position in range(min(3, width)):
        column = pa.array([r[position] if r[position].__class__ is str else None for r in body], pa.string())
        hit = pc.fill_null(pc.match_substring_regex(column, _SUSPECT), False)
        candidates.update(pc.indices_nonzero(hit).to_pylist())
    candidates.update(range(max(0, len(body) - _FOOT_ROWS), len(body)))
    for index in sorted(candidates):
        row = body[index]
        filled = width - row.count("")
        if not filled:
            yield index, "blank"
            continue
        if ended and filled <= width // 4:
            yield index, "footer"  # a date or a name on a line of its own, below the first line of the footer
            continue
        words = [c for c in row if c != ""][:4]
        if filled > 4 and not any(c.__class__ is str and "计" in c for c in words[:3]):
            continue
        why = kind_of_row(["" if c is None else str(c) for c in row])
        ended = ended or why == "footer"
        if why:
            yield index, why


def _shortened(left_out: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A long run of blank rows is told as one entry: formatted but empty rows come by the hundred thousand."""
    found: list[dict[str, Any]] = []
    for entry in left_out:
        before = found[-1] if found else {}
        run = entry["why"] == "blank" == before.get("why") and before.get("to", before["row"]) + 1 == entry["row"]
        if run and len(found) > 50:
            before["to"] = entry["row"]
        else:
            found.append(entry)
    return found


def _totals(row: list[Any], heading: Heading, kinds: dict[str, str]) -> dict[str, str]:
    summed = [c["name"] for c in heading.table["columns"] if c["is_control_sum"] and c["name"] in heading.positions]
    cells = {name: as_text(row[heading.positions[name]], kinds[name]) for name in summed}
    return {name: cell for name, cell in cells.items() if plain(cell)}


def _mark_rows(parsed: Parsed, marks: SheetMarks, heading: Heading) -> None:
    """Formulas give a caution (their value is as old as the last recalculation), errors a reason."""
    if not marks.formulas and not marks.errors:
        return
    present = set(parsed.rows["row_number"].to_pylist())
    cached: set[int] = set()
    for name, position in heading.wanted.items():
        cached.update(present.intersection(marks.formulas.get(position, ())))
        wrong = present.intersection(marks.errors.get(position, ()))
        if wrong:
            column = name if name in heading.positions else heading.table["melt"]["value"]
            parsed.row_refusals.setdefault(f"formula_error:{column}", []).extend(sorted(wrong))
    if cached:
        parsed.row_cautions["formula_cached"] = sorted(cached)
