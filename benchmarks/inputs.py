"""Makes the files that the landing benchmark reads: deterministic, of any length, with ID numbers nobody can have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import xlsxwriter

HEADER = (
    *("结算月份", "参保地代码", "姓名", "证件号码", "参保类型", "就诊医院", "入院日期", "出院日期", "就诊次数"),
    *("总费用", "基本医保报销", "大病保险报销", "医疗救助报销", "合规自付费用", "是否一站式结算"),
)
_WEIGHTS = np.array((7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
_CHECK = np.frombuffer(b"10X98765432", np.uint8)
_SURNAMES = "张王李赵陈杨黄周吴徐孙马朱胡郭何高林罗郑梁宋谢唐许韩冯邓曹彭"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅文建国志海峰"
_PART = 500_000


def csv_file(path: Path, rows: int, *, rows_a_person: int, encoding: str = "utf-8", quoted: bool = False) -> Path:
    """Writes a CSV of that many rows; each person appears `rows_a_person` times, once a month."""
    with path.open("wb") as sink:
        header = [f'"{name}"' for name in HEADER] if quoted else HEADER
        sink.write((",".join(header) + "\n").encode(encoding))
        for columns in _parts(rows, rows_a_person):
            sink.write(_as_text(columns, path.with_suffix(".part"), quoted).decode().encode(encoding))
    return path


def workbook(path: Path, rows: int) -> Path:
    """Writes the same list as a workbook; amounts and counts are numbers there."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("清单")
        sheet.write_row(0, 0, HEADER)
        row = 0
        for columns in _parts(rows, 12):
            numbers = [*range(8, 14)]
            table = [array.to_pylist() for array in columns.columns]
            for index in numbers:
                table[index] = [float(cell) for cell in table[index]]
            for cells in zip(*table, strict=True):
                row += 1
                sheet.write_row(row, 0, cells)
    return path


def _as_text(columns: pa.Table, scratch: Path, quoted: bool) -> bytes:
    with duckdb.connect(":memory:") as connection:
        connection.register("part", columns)
        force = ", force_quote *" if quoted else ""
        connection.execute(f"copy part to '{scratch}' (format csv, header false{force})")  # a path of ours
    content = scratch.read_bytes()
    scratch.unlink()
    return content


def _parts(rows: int, rows_a_person: int) -> Iterator[pa.Table]:
    for start in range(0, rows, _PART):
        yield _columns(np.arange(start, min(start + _PART, rows)), rows_a_person)


def _columns(number: npt.NDArray[np.int64], rows_a_person: int) -> pa.Table:
    person = number // rows_a_person
    dice = np.random.default_rng(int(number[0]))
    month = number % rows_a_person % 12 + 1
    day = dice.integers(1, 29, len(number))
    money = [dice.integers(0, top, len(number)) for top in (2_000_000, 1_000_000, 200_000, 50_000, 300_000)]
    fen = [
        np.char.add(np.char.add((m // 100).astype(str), "."), np.char.zfill((m % 100).astype(str), 2)) for m in money
    ]
    surnames, given = np.array(list(_SURNAMES)), np.array(list(_GIVEN))
    names = np.char.add(
        surnames[person * 7919 % len(surnames)],
        np.char.add(given[person * 104_729 % len(given)], given[person // 31 % len(given)]),
    )
    hospitals = np.array([f"第{n}人民医院" for n in range(40)])
    made: dict[str, Any] = {
        "month": np.char.add("2021-", np.char.zfill(month.astype(str), 2)),
        "region": (341_302_000_000 + 100_000 + person % 120 * 1000).astype(str),
        "name": names,
        "id": _ids(person),
        "type": np.array(["城乡居民", "城镇职工"])[person % 2],
        "hospital": hospitals[dice.integers(0, 40, len(number))],
        "in": _days(month, day),
        "out": _days(month, np.minimum(day + 3, 28)),
        "visits": dice.integers(1, 9, len(number)).astype(str),
        **{f"money{n}": texts for n, texts in enumerate(fen)},
        "settled": np.array(["是", "否"])[dice.integers(0, 2, len(number))],
    }
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in made.items()})


def _days(month: npt.NDArray[Any], day: npt.NDArray[Any]) -> npt.NDArray[Any]:
    two = [np.char.zfill(part.astype(str), 2) for part in (month, day)]
    return np.char.add(np.char.add(np.char.add("2021-", two[0]), "-"), two[1])


def _ids(person: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    """18 characters of region 999302, born on one of 20 000 days, with a valid check digit."""
    born = np.datetime64("1950-01-01") + (person % 20_000).astype("timedelta64[D]")
    days = np.char.replace(np.datetime_as_string(born, unit="D"), "-", "")
    first = np.char.add(np.char.add("999302", days), np.char.zfill((person // 20_000).astype(str), 3))
    digits = np.frombuffer(first.astype("S17").tobytes(), np.uint8).reshape(-1, 17).astype(np.int64) - ord("0")
    check = _CHECK[(digits @ _WEIGHTS) % 11].view("S1").astype(str)
    return np.char.add(first, check)
