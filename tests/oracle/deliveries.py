"""The inbox as it lies: the arrival manifest, and each file's rows under the headings that the offices wrote."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from python_calamine import CalamineWorkbook

Row = dict[str, str]
# 农户信息登记表_户_341302_202109.csv: what it is, whose, and for when.
FILE_NAME = re.compile(r"(?P<kind>.+?)_(?P<region>\d{6,12})_(?P<period>\d{4,8})\.(csv|xlsx)")


@dataclass(frozen=True)
class Delivery:
    """One file and the Beijing day on which it came."""

    path: Path
    kind: str
    region: str
    period: str
    received: date

    @cached_property
    def rows(self) -> list[Row]:
        """The rows below the heading: titles and unit lines above it and footers below it are left out."""
        table = _workbook(self.path) if self.path.suffix == ".xlsx" else _text(self.path)
        top = next((n for n, line in enumerate(table) if sum(bool(cell) for cell in line) > 2), len(table))
        lines = [line for line in table[top + 1 :] if line and line[0] and line[0] != "合计" and "：" not in line[0]]
        return [dict(zip(table[top], line, strict=True)) for line in lines]


def _text(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    return [[cell.strip() for cell in line] for line in csv.reader(io.StringIO(text))]


def _workbook(path: Path) -> list[list[str]]:
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    return [[_cell(value) for value in line] for line in sheet.to_python()]


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def deliveries(inbox: Path, feed: str, known_at: datetime) -> list[Delivery]:
    """A feed's files that had come by `known_at`, in the order in which they came."""
    with (inbox / "arrivals.csv").open(encoding="utf-8-sig", newline="") as lines:
        arrivals = [(row["file"], datetime.fromisoformat(row["received_at"])) for row in csv.DictReader(lines)]
    found = []
    for name, received in sorted(arrivals, key=lambda arrival: (arrival[1], arrival[0])):
        named = FILE_NAME.fullmatch(Path(name).name)
        if name.startswith(f"{feed}/") and named and received <= known_at:
            found.append(Delivery(inbox / name, named["kind"], named["region"], named["period"], received.date()))
    return found


def day(text: str) -> date | None:
    """A day as 2021-07-02 or 20210702; None for a blank."""
    digits = re.sub(r"\D", "", text)
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])) if len(digits) == 8 else None


def month(text: str) -> int:
    """A month as one number, so that months subtract: 2021-07, 202107."""
    digits = re.sub(r"\D", "", text)
    return int(digits[:4]) * 12 + int(digits[4:6]) - 1


def month_of(moment: date) -> int:
    """The month of a day, as one number."""
    return moment.year * 12 + moment.month - 1


def last_day(number: int) -> date:
    """The last day of a month."""
    following = number + 1
    return date.fromordinal(date(following // 12, following % 12 + 1, 1).toordinal() - 1)


def money(text: str) -> Decimal | None:
    """Yuan; None for a blank, which in every feed but the national export means not known."""
    return Decimal(text.replace(",", "")) if text else None


def said(text: str) -> bool | None:
    """是 or 否; None for a blank."""
    return {"是": True, "否": False}.get(text)


def month_ends(first: date, last: date) -> Iterator[date]:
    """The days judged: each month's last, up to and with the run's own."""
    for number in range(month_of(first), month_of(last)):
        yield last_day(number)
    yield last
