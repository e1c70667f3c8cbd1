"""Leads by the hundred of every kind that lists in plain CSV can give, and thousands of answers of townships to them.

In time, late, before anybody asked, twice, or without a word in them: a simulated township alone has few kinds of
leads and answers a few dozen. Written into an inbox over and beside what the offices sent.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from random import Random

import xlsxwriter

from tests.oracle.deliveries import Row
from tests.oracle.disorder import FIRST, LAST, encoding_of, homes, write_rows

YES_NO = ("是", "否")
# Of some rows of a list, what is told under these headings is told anew; blanks where the forms allow them.
TOLD_ANEW: dict[str, dict[str, tuple[str, ...]]] = {
    "health": {"是否新增": YES_NO, "是否大病重病": YES_NO, "户编号": ("", "{home}")},
    "disabled": {"是否新发证": YES_NO, "残疾等级": ("1", "2", "3")},
    "small_loans": {"逾期天数": ("", "89", "90", "91")},
    "hrss_employment": {
        "就业状态": ("失业", "返乡待业"),
        "是否失业登记": ("是", "否", ""),
        "欠薪金额": ("", "0.00", "0.01"),
    },
    "housing": {"住房等级": ("B", "C", "D"), "新增损坏": ("", "无", "洪涝", "年久失修", "采煤塌陷")},
    "market_supervision": {"登记状态": ("存续", "经营异常", "注销", "吊销", "严重违法")},
    "petitions_hotline": {"户编号": ("{home}",), "办理状态": ("待核", "核实中", "已核实", "不属实", "已办结")},
}
SHARE = 0.03
EVENTS_A_FILE = 12
HEADS = ("户编号", "规则编号", "核查结果", "核查日期", "备注")
RESULTS = ("纳入监测", "已在监测", "无风险", "查无此户", "重复线索", "")
ANSWERS_A_HOUSEHOLD = 4


def write(inbox: Path, seed: int) -> None:
    """Adds the leads and answers of a seed to an inbox with one register at least."""
    rng = Random(seed)
    known = homes(inbox)
    for feed, changes in TOLD_ANEW.items():
        share = 1.0 if feed == "petitions_hotline" else SHARE
        for path in sorted((inbox / feed).glob("*.csv")):
            heads, rows = _read(path)
            for row in rows:
                if rng.random() < share:
                    for head, words in changes.items():
                        row[head] = rng.choice(words).format(home=rng.choice(known)[0])
            _write(path, heads, rows)
    _befall(inbox, rng)
    _answer(inbox, rng, known)


def _read(path: Path) -> tuple[list[str], list[Row]]:
    with path.open(encoding=encoding_of(path), newline="") as lines:
        reader = csv.DictReader(lines)
        return list(reader.fieldnames or []), list(reader)


def _write(path: Path, heads: list[str], rows: list[Row]) -> None:
    write_rows(path, rows, heads=heads, encoding=encoding_of(path))


def _befall(inbox: Path, rng: Random) -> None:
    """Deaths and accidents of persons whom the register of their county lists, in the months' files of the police."""
    persons = _read(min((inbox / "household_register").glob("*_人_*.csv")))[1]
    for path in sorted((inbox / "police_events").glob("*.csv")):
        heads, rows = _read(path)
        for person in rng.sample(persons, EVENTS_A_FILE):
            period = path.stem[-6:]
            happened = f"{period[:4]}-{period[4:]}-{rng.randrange(1, 29):02d}"
            kind = rng.choice(("死亡", "交通事故"))
            told = {
                "发生日期": happened,
                "姓名": person["姓名"],
                "证件号码": person["证件号码"],
                "事件类别": kind,
                "事故伤情": rng.choice(("轻伤", "重伤", "死亡")) if kind == "交通事故" else "",
                "是否主要劳动力": rng.choice((*YES_NO, "")),
            }
            rows.append({**dict.fromkeys(heads, ""), **told})
        _write(path, heads, rows)


def _answer(inbox: Path, rng: Random, known: list[tuple[str, str]]) -> None:
    """What townships say they found, in a file a month."""
    told: dict[tuple[str, date], list[tuple[str, ...]]] = defaultdict(list)
    for _ in range(ANSWERS_A_HOUSEHOLD * len(known)):
        household, village = rng.choice(known)
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
            received = min((month + timedelta(days=32)).replace(day=1), LAST + timedelta(days=2))
            csv.writer(arrivals).writerow([name, f"{received}T21:00:00+08:00"])
