"""Example files of a feed, made from its contract: a good one as an office would send it, and a broken one.

They are fixtures and, for an office that is asked for a file, the shape to fill. Nobody's numbers: ID numbers begin
with 999, which no region has.
"""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from pathlib import Path

import xlsxwriter

from ingest.contracts import Column, Contract, Table
from ingest.values import check_digit

ROWS = 3
_FIRST = date(2021, 3, 15)


def write_examples(contract: Contract, folder: Path) -> list[Path]:
    """`good_<table>` and `broken_<table>` (its first mandatory column renamed) in the feed's own format.

    Feeds whose format is a message of its own (CAP, JSON, RSS) get none: their examples are real messages.
    """
    if contract.format not in ("csv", "xlsx"):
        return []
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for table in contract.tables:
        if table.melt:
            continue
        headers = [c.header for c in table.columns]
        first = next(n for n, c in enumerate(table.columns) if not c.optional)
        renamed = [f"{h}（旧）" if n == first else h for n, h in enumerate(headers)]
        for word, titles in (("good", headers), ("broken", renamed)):
            path = folder / f"{word}_{table.name}.{contract.format}"
            content = example(contract, table, titles)
            path.write_bytes(content)
            written.append(path)
    return written


def example(contract: Contract, table: Table, headers: list[str]) -> bytes:
    """The bytes of an example under these headings."""
    rows = [[cell(column, number) for column in table.columns] for number in range(ROWS)]
    if contract.format == "xlsx":
        return _workbook(table.title, headers, rows)
    text = "\r\n".join(",".join(line) for line in [headers, *rows]) + "\r\n"
    return text.encode(str(contract.reader.get("encoding", "utf-8")))


def file_name(contract: Contract, table: Table) -> str:
    """A name that fits the contract's pattern."""
    pattern = contract.file_name.pattern if contract.file_name else ""
    region = "_341302" if "region" in pattern else ""
    day = _FIRST + timedelta(days=16)
    period = f"_{day:%Y%m%d}" if r"\d{8}" in pattern else f"_{day:%Y%m}"
    if contract.period_unit == "year" and r"\d{4,6}" in pattern:
        period = f"_{day:%Y}"
    return f"{table.title}{region}{period if 'period' in pattern else ''}.{contract.format}"


def cell(column: Column, number: int) -> str:
    """What an office would write into the row of that number."""
    if column.codes:
        return column.codes[number % len(column.codes)]
    day = _FIRST + timedelta(days=number)
    kind = column.kind
    if kind == "id_number":
        first = f"999302{1970 + number}0101{100 + number}"
        return first + check_digit(first)
    fixed = {
        "household_no": f"H{number + 1:07d}",
        "person_no": f"P{number + 1:07d}",
        "personal_name": "示例" + "甲乙丙"[number % 3],
        "contact": f"0557-000000{number}",
        "narrative": "示例情况",
        "region_code": f"34130220020{number}",
        "code": f"A{number + 1:03d}",
        "text": f"示例{number + 1}",
        "area_mu": f"{3 + number}.5",
        "month": "2021-03",
        "quarter": "2021年第1季度",
        "year": "2021",
        "date": day.isoformat(),
        "partial_date": day.isoformat(),
        "birth_date": "1970-01-01",
        "timestamp": f"{day.isoformat()}T09:30:00+08:00",
        "yes_no": "是" if number % 2 else "否",
    }
    return fixed.get(kind) or _figure(column, number)


def _figure(column: Column, number: int) -> str:
    low, high = column.plausible or ((0, 1) if column.kind == "percent" else (0, 1_000))
    figure = low + (high - low) * (number + 5) / 10
    if column.kind == "percent":
        return f"{figure:.1%}"
    return str(round(figure)) if column.kind == "integer" else f"{figure:.2f}"


def _workbook(title: str, headers: list[str], rows: list[list[str]]) -> bytes:
    sink = io.BytesIO()
    book = xlsxwriter.Workbook(sink, {"in_memory": True})
    # The only clock in a workbook, fixed: the same example has the same bytes.
    book.set_properties({"created": datetime(2021, 3, 31)})  # noqa: DTZ001 - a workbook's property has no zone
    sheet = book.add_worksheet("Sheet1")
    sheet.merge_range(0, 0, 0, max(1, len(headers) - 1), title)
    for top, line in enumerate([headers, *rows], 1):
        for place, text in enumerate(line):
            sheet.write_string(top, place, text)
    book.close()
    return sink.getvalue()
