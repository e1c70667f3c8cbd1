"""The ways in which departments' rows go wrong, planted into a known share of them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pyarrow as pa

from simulation.columns import Columns
from simulation.draws import sample

ID_HEADERS = frozenset({"证件号码", "户主证件号码"})
MONEY_HEADERS = frozenset(
    {
        "工资性收入",
        "粮食种植收入",
        "林果业收入",
        "生猪养殖收入",
        "其他经营收入",
        "生产经营性支出",
        "财产性收入",
        "转移性收入",
        "总费用",
        "合规自付费用",
        "基本医保报销",
        "月工资",
    }
)
CODED_HEADERS = frozenset({"户类型", "就业状态", "劳动技能", "核查结果", "住房等级"})
REQUIRED_HEADERS = frozenset({"姓名", "户主姓名", "户编号", "证件号码", "统计月份", "截止月份"})
TEXT_HEADERS = frozenset({"姓名", "户主姓名", "与户主关系", "户类型", "就业状态"})
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def _as_scientific(cell: str) -> str:
    return f"{cell[0]}.{cell[1:15]}E+17" if len(cell) == 18 else cell


def _bad_check(cell: str) -> str:
    return cell[:-1] + ("0" if cell[-1:] != "0" else "1")


def _negative(cell: str) -> str:
    return f"-{cell}" if cell not in ("", "0.00") else "-100.00"


def _grouped(cell: str) -> str:
    return f"{float(cell):,.2f}" if cell else cell


def _in_ten_thousands(cell: str) -> str:
    return f"{Decimal(cell) / 10_000:f}万元" if cell else cell


# Each: a name, the headers it can strike, and what becomes of the cell.
KINDS: tuple[tuple[str, frozenset[str], Callable[[str], str]], ...] = (
    ("id_scientific", ID_HEADERS, _as_scientific),
    ("id_check_digit", ID_HEADERS, _bad_check),
    ("id_lower_case_x", ID_HEADERS, str.lower),
    ("id_full_width", ID_HEADERS, lambda cell: cell.translate(_FULL_WIDTH)),
    ("unknown_code", CODED_HEADERS, lambda cell: "其他情况"),
    ("negative_amount", MONEY_HEADERS, _negative),
    ("grouped_amount", MONEY_HEADERS, _grouped),
    ("amount_in_ten_thousands", MONEY_HEADERS, _in_ten_thousands),
    ("blank_required", REQUIRED_HEADERS, lambda cell: ""),
    ("trailing_space", TEXT_HEADERS, lambda cell: cell + " \u3000"),
)


def spoil(rng: np.random.Generator, columns: Columns, share: float, *, quoted: bool, totalled: bool) -> Columns:
    """The columns with about this share of rows struck by one fault each, and a few rows repeated exactly.

    quoted: put a cell that now holds a comma into quotes, as a CSV must. totalled: the file has a totals row, which its
    program made from these very rows: amounts are then written oddly but not changed, and no row is repeated.
    """
    size = len(next(iter(columns.values()))) if columns else 0
    struck = sample(rng, np.flatnonzero(rng.random(size) < share), size)
    possible = [
        (headers & columns.keys(), change)
        for name, headers, change in KINDS
        if headers & columns.keys() and not (totalled and name == "negative_amount")
    ]
    if not len(struck) or not possible:
        return columns
    cells: dict[str, list[str | None]] = {}
    for row in struck:
        headers, change = possible[int(rng.integers(len(possible)))]
        header = sorted(headers)[int(rng.integers(len(headers)))]
        if not pa.types.is_string(columns[header].type):
            continue
        column = cells.setdefault(header, columns[header].to_pylist())
        changed = change(column[row] or "")
        column[row] = f'"{changed}"' if quoted and "," in changed else changed
    spoilt = {h: pa.array(cells[h], type=pa.string()) if h in cells else c for h, c in columns.items()}
    repeated = struck[rng.random(len(struck)) < (0.0 if totalled else 0.1)]
    order = pa.array(np.sort(np.concatenate([np.arange(size), repeated])))
    return {h: c.take(order) for h, c in spoilt.items()}
