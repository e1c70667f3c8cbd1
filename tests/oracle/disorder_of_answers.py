"""Thousands of answers of townships to leads: in time, late, before anybody asked, twice, or without a word in them.

Written into an inbox beside what the offices sent; a simulated township alone answers a few dozen.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from random import Random

import xlsxwriter

from tests.oracle.disorder import FIRST, LAST, homes

HEADS = ("户编号", "规则编号", "核查结果", "核查日期", "备注")
RESULTS = ("纳入监测", "已在监测", "无风险", "查无此户", "重复线索", "")
A_HOUSEHOLD = 2


def write(inbox: Path, seed: int) -> None:
    """Adds the answers of a seed to an inbox with one register at least."""
    rng = Random(seed)
    found = homes(inbox)
    told: dict[tuple[str, date], list[tuple[str, ...]]] = defaultdict(list)
    for _ in range(A_HOUSEHOLD * len(found)):
        household, village = rng.choice(found)
        when = FIRST + timedelta(days=rng.randrange((LAST - FIRST).days))
        rule = rng.choice(("R03", "R04", "R05", "R05", "R07"))
        told[village[:9], when.replace(day=1)].append((household, rule, rng.choice(RESULTS), when.isoformat(), ""))
    with (inbox / "arrivals.csv").open("a", encoding="utf-8", newline="") as arrivals:
        for (town, month), rows in sorted(told.items()):
            name = f"verdicts/线索核查结果乱_{town}_{month:%Y%m}.xlsx"
            with xlsxwriter.Workbook(str(inbox / name)) as book:
                sheet = book.add_worksheet()
                for number, row in enumerate([HEADS, *rows]):
                    sheet.write_row(number, 0, row)
            received = (month + timedelta(days=32)).replace(day=1)
            csv.writer(arrivals).writerow([name, f"{received}T21:00:00+08:00"])
