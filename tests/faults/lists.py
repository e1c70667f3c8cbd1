"""Departments' lists in a few lines, for the cases about values: medical payments, work, persons, quotes."""

from __future__ import annotations

from typing import Any

import pyarrow.parquet as pq
import pytest

from ingest.contracts import Column, contracts
from ingest.home import Home
from ingest.receipts import Receipt
from ingest.values import check_digit

MEDICAL = "medical_insurance/清单_341302_202101.csv"
PRICES = "prices_market/行情.csv"
REGION = "999302"  # a region that does not exist: nobody has such a number


def id_of(number: int, born: str = "19700101") -> str:
    first = f"{REGION}{born}{number:03d}"
    return first + check_digit(first)


def medical(*cells: dict[str, str], sound: int = 300) -> bytes:
    """A list with enough sound rows that a few odd ones do not spoil it; each odd one says what is odd."""
    header = "截止月份,姓名,证件号码,参保类型,总费用,基本医保报销,大病保险报销,医疗救助报销,合规自付费用"
    usual = {"截止月份": "2021-01", "姓名": "张三", "参保类型": "居民", "总费用": "100.00", "合规自付费用": "10.00"}
    rows = [{**usual, "证件号码": id_of(n, "19600202")} for n in range(sound)]
    rows += [{**usual, "证件号码": id_of(900 + n), **odd} for n, odd in enumerate(cells)]
    return "\n".join([header, *(",".join(r.get(c, "") for c in header.split(",")) for r in rows), ""]).encode()


def quotes(*dates: str, sound: int = 100) -> bytes:
    rows = [f"酥梨,1,2,3,规格{n},斤,2021-01-04" for n in range(sound)]
    rows += [f"酥梨,1,2,3,另{n},斤,{date}" for n, date in enumerate(dates)]
    return "\n".join(["品名,最低价,平均价,最高价,规格,单位,发布日期", *rows, ""]).encode()


def persons(*rows: tuple[str, str, str]) -> str:
    """The members' list of the register: (household, ID number, name) a row."""
    lines = [f"{household},{number},{name},户主,,," for household, number, name in rows]
    return "\n".join(["户编号,证件号码,姓名,与户主关系,劳动技能,健康状况,在校生状况", *lines, ""])


def rows_of(home: Home, receipt: Receipt) -> list[dict[str, Any]]:
    """What landed of one delivery."""
    path = receipt.rows(home)
    assert path is not None, receipt.error
    return list(pq.read_table(path).to_pylist())


def promise(patch: pytest.MonkeyPatch, feed: str, column: str, **promised: object) -> None:
    """Lets a contract promise more of a column for one test."""
    found: Column = next(c for c in contracts()[feed].tables[0].columns if c.name == column)
    for name, value in promised.items():
        patch.setitem(found.__dict__, name, value)
