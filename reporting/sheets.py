"""Writes cells that a spreadsheet can never take for a formula, in workbooks whose bytes do not vary."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

# What spreadsheets take for the start of a formula, in both widths, and the blanks that hide one.
FORMULA_START = re.compile(r"[\s\u3000\ufeff]|[=+\-@＝＋－＠]")


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet might compute the text instead of showing it."""
    return FORMULA_START.match(text) is not None


def csv_cell(value: Any) -> str:
    """A cell of a CSV file: text that looks like a formula gets the apostrophe that makes it text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if looks_like_formula(value) else value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return str(value)


class Workbook:
    """An .xlsx of text, numbers and dates; created on the day it is about, not on the day it was written."""

    def __init__(self, path: Path, title: str, as_of: date) -> None:
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(str(path), options)
        created = datetime(as_of.year, as_of.month, as_of.day)  # noqa: DTZ001 (the format holds no zone)
        self.book.set_properties(
            {"title": title, "author": "守线", "comments": "内部资料 注意保存", "created": created}
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, **properties: Any) -> Format:
        """A cell format; the same properties give the same format."""
        merged = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", **properties}
        key = tuple(sorted(merged.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(merged)
        return self._formats[key]

    def write(self, sheet: Worksheet, row: int, column: int, value: Any, **properties: Any) -> None:
        """Writes one cell by the type of its value; text always as text, marked as such where it needs it."""
        if value is None:
            sheet.write_blank(row, column, None, self.format(**properties))
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self.format(num_format="yyyy-mm-dd", **properties))
        elif isinstance(value, int | float | Decimal):
            sheet.write_number(row, column, float(value), self.format(num_format="#,##0.##", **properties))
        else:
            text = str(value)
            marked = {"quote_prefix": True} if looks_like_formula(text) else {}
            sheet.write_string(row, column, text, self.format(**marked, **properties))

    def close(self) -> None:
        self.book.close()
