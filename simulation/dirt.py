"""The ways in which departments' rows go wrong, planted into a known share of them and written down one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa

from simulation import dirt_headers as h
from simulation.columns import Columns
from simulation.draws import Ints, sample
from simulation.workbooks import NUMBER

ACCEPTED, CAUTION, QUARANTINED, DUPLICATE = "accepted", "caution", "quarantined", "duplicate"
REPEATED_SHARE = 0.1  # of as many rows as are struck: exact repetitions
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class Fault:
    """One way to spoil a cell: which headings it strikes, what the landing must make of the row.

    change gives the spoilt cell, or None where this cell cannot go wrong so. workbook: only cells of workbooks can;
    in_sums: False keeps it away from files whose totals row it would belie.
    """

    name: str
    headers: Callable[[str], bool]
    fate: str
    change: Callable[[str], str | None]
    workbook: bool = False
    in_sums: bool = True


@dataclass(frozen=True)
class Planted:
    """One spoilt row: its place in the file (counted from 0 below the header), heading, fault and due fate."""

    row: int
    header: str
    kind: str
    fate: str


def _as_scientific(cell: str) -> str | None:
    return f"{cell[0]}.{cell[1:15]}E+17" if len(cell) == 18 else None


def _as_float(cell: str) -> str | None:
    return f"{NUMBER}{float(cell):.14E}" if cell.isdigit() and len(cell) >= 18 else None


def _bad_check(cell: str) -> str:
    return cell[:-1] + ("0" if cell[-1:] != "0" else "1")


def _fifteen(cell: str) -> str | None:
    return cell[:6] + cell[8:17] if len(cell) == 18 and cell[6:8] == "19" else None


def _amount(form: Callable[[Decimal], str]) -> Callable[[str], str | None]:
    def change(cell: str) -> str | None:
        try:
            return form(Decimal(cell))
        except ArithmeticError:
            return None

    return change


def _dated(form: Callable[[date], str]) -> Callable[[str], str | None]:
    def change(cell: str) -> str | None:
        try:
            return form(date.fromisoformat(cell))
        except ValueError:
            return None

    return change


def _month(pattern: str) -> Callable[[str], str | None]:
    def change(cell: str) -> str | None:
        digits = cell.replace("-", "")
        known = len(digits) == 6 and digits.isdigit()
        return pattern.format(year=digits[:4], month=int(digits[4:])) if known else None

    return change


def _serial(day: date) -> str:
    return str((day - date(1899, 12, 30)).days)


def _sign(cell: str) -> str | None:
    return {"是": "√", "否": "×"}.get(cell)


def _among(headers: frozenset[str]) -> Callable[[str], bool]:
    return headers.__contains__


FAULTS = (
    Fault("id_scientific", _among(h.IDS), QUARANTINED, _as_scientific),
    Fault("id_as_float", _among(h.IDS), QUARANTINED, _as_float, workbook=True),
    Fault("household_as_float", _among(h.HOUSEHOLDS), QUARANTINED, _as_float, workbook=True),
    Fault("id_check_digit", _among(h.IDS), QUARANTINED, _bad_check),
    Fault("id_lower_case_x", _among(h.IDS), ACCEPTED, lambda c: c.lower() if c.endswith("X") else None),
    Fault("id_full_width", _among(h.IDS), ACCEPTED, lambda c: c.translate(_FULL_WIDTH)),
    Fault("id_fifteen_digits", _among(h.IDS), ACCEPTED, _fifteen),
    Fault("leading_apostrophe", _among(h.IDS | h.HOUSEHOLDS), ACCEPTED, lambda c: f"'{c}"),
    Fault("zero_width_space", _among(h.IDS | h.HOUSEHOLDS), ACCEPTED, lambda c: f"{c}\u200b\u00a0"),
    Fault("household_full_width", _among(h.HOUSEHOLDS), ACCEPTED, lambda c: c.translate(_FULL_WIDTH)),
    Fault("name_space", _among(h.NAMES), ACCEPTED, lambda c: f"{c[0]}\u3000{c[1:]}"),
    Fault("trailing_space", _among(h.SPACED), ACCEPTED, lambda c: c + " \u3000"),
    Fault("unknown_code", _among(h.CODED), QUARANTINED, lambda c: "其他情况"),
    Fault("blank_required", _among(h.REQUIRED), QUARANTINED, lambda c: ""),
    Fault(
        "negative_amount",
        _among(h.AMOUNTS),
        CAUTION,
        _amount(lambda d: f"-{d}" if d > 0 else "-100.00"),
        in_sums=False,
    ),
    Fault("grouped_amount", _among(h.AMOUNTS), ACCEPTED, _amount(lambda d: f"{d:,.2f}")),
    Fault("amount_with_sign", _among(h.AMOUNTS), ACCEPTED, _amount(lambda d: f"￥{d:.2f}")),
    Fault("amount_with_unit", _among(h.AMOUNTS), ACCEPTED, _amount(lambda d: f"{d:.2f}元")),
    Fault("amount_full_width", _among(h.AMOUNTS), ACCEPTED, _amount(lambda d: f"{d:.2f}".translate(_FULL_WIDTH))),
    Fault("amount_in_ten_thousands", _among(h.AMOUNTS), CAUTION, _amount(lambda d: f"{d / 10_000:f}万元")),
    Fault("count_out_of_range", h.COUNTS.__contains__, CAUTION, lambda c: None),  # the value depends on the heading
    Fault("date_in_words", h.is_date, ACCEPTED, _dated(lambda d: f"{d.year}年{d.month}月{d.day}日")),
    Fault("date_with_dots", h.is_date, ACCEPTED, _dated(lambda d: f"{d.year}.{d.month}.{d.day}")),
    Fault("date_with_slashes", h.is_date, ACCEPTED, _dated(lambda d: f"{d.year}/{d.month}/{d.day}")),
    Fault("date_compact", h.is_date, ACCEPTED, _dated(lambda d: f"{d:%Y%m%d}")),
    Fault("date_serial", h.is_date, ACCEPTED, _dated(lambda d: NUMBER + _serial(d)), workbook=True),
    Fault("date_impossible", h.is_date, QUARANTINED, _dated(lambda d: f"{d.year}-02-30")),
    Fault("month_in_words", _among(h.MONTHS), ACCEPTED, _month("{year}年{month}月")),
    Fault("month_compact", _among(h.MONTHS), ACCEPTED, _month("{year}{month:02d}")),
    Fault("month_as_float", _among(h.MONTHS), ACCEPTED, _month("{year}{month:02d}.0")),
    Fault("yes_no_as_sign", _among(h.YES_NO), ACCEPTED, _sign),
)


def _text(column: pa.Array) -> list[str]:
    """The cells as text; numbers bear the mark with which a workbook writes them as numbers again."""
    if pa.types.is_string(column.type):
        return ["" if c is None else c for c in column.to_pylist()]
    return ["" if c is None else f"{NUMBER}{c}" for c in column.to_pylist()]


def spoil(
    rng: np.random.Generator,
    feed: str,
    columns: Columns,
    share: float,
    *,
    workbook: bool,
    totalled: bool,
    scaled: bool = False,
) -> tuple[Columns, list[Planted]]:
    """The columns with about this share of rows struck by one fault each, and a few sound rows repeated exactly.

    Never so many unreadable rows that the file would be refused whole. totalled: the file has a totals row, which its
    program made from these very rows: amounts are then written oddly but not changed, and no row is repeated.
    scaled: a line above the header says that
    amounts are in ten thousands; they are left alone, for a unit of their own would mean another sum.
    """
    size = len(next(iter(columns.values()))) if columns else 0
    struck = np.flatnonzero(rng.random(size) < share)
    possible = [
        (fault, sorted(x for x in columns if fault.headers(x) and not (scaled and x in h.AMOUNTS)))
        for fault in FAULTS
        if (workbook or not fault.workbook) and (fault.in_sums or not totalled)
    ]
    possible = [(fault, headers) for fault, headers in possible if headers]
    if not len(struck) or not possible:
        return columns, []
    left = int(h.READABLE_ENOUGH.get(feed, h.READABLE_OTHERWISE) * size)
    cells: dict[str, list[str]] = {}
    planted: list[Planted] = []
    for row in struck.tolist():
        fault, headers = possible[int(rng.integers(len(possible)))]
        header = headers[int(rng.integers(len(headers)))]
        if fault.fate == QUARANTINED and not left:
            continue
        column = cells.setdefault(header, _text(columns[header]))
        before = column[row].removeprefix(NUMBER)
        spoilt = h.COUNTS[header] if fault.name == "count_out_of_range" else fault.change(before) if before else None
        if spoilt is None or spoilt == before:
            continue
        left -= fault.fate == QUARANTINED
        column[row] = f'"{spoilt}"' if not workbook and "," in spoilt else spoilt
        planted.append(Planted(row, header, fault.name, fault.fate))
    made = {name: pa.array(cells[name], pa.string()) if name in cells else c for name, c in columns.items()}
    return _with_repeats(rng, made, size, len(struck), planted, totalled=totalled)


def _with_repeats(
    rng: np.random.Generator, columns: Columns, size: int, struck: int, planted: list[Planted], *, totalled: bool
) -> tuple[Columns, list[Planted]]:
    wanted = 0 if totalled else int(rng.binomial(struck, REPEATED_SHARE))
    sound = np.setdiff1d(np.arange(size), [p.row for p in planted])
    repeated = sample(rng, sound, wanted)
    order: Ints = np.sort(np.concatenate([np.arange(size), repeated]))
    first = np.searchsorted(order, np.arange(size))
    placed = [Planted(int(first[p.row]), p.header, p.kind, p.fate) for p in planted]
    placed += [Planted(int(first[row]) + 1, "", "repeated_row", DUPLICATE) for row in repeated]
    taken = {name: column.take(pa.array(order)) for name, column in columns.items()}
    return taken, sorted(placed, key=lambda p: (p.row, p.header))
