"""Hundreds of cases in which everything goes wrong that can: a simulated township alone has ten, nearly all in order.

Written into an inbox beside what the offices sent, in the townships' own formats. Some of the offices' own cases are
taken out of their lists, so that only the national list knows of them.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from tests.oracle.cases import ALSO_CALLED, LADDER
from tests.oracle.deliveries import Row

FIRST, LAST = date(2020, 10, 5), date(2021, 12, 28)
CASES = 400
OTHER_NAMES = {step: other for other, step in ALSO_CALLED.items()}
DEPARTMENTS = ("公安交警", "自然资源不动产", "人社", "银行", "金融", "农机")
UNIT = "乡镇人民政府"
Told = dict[str, list[tuple[date, Row]]]


def write(inbox: Path, seed: int) -> None:
    """Adds the cases of a seed to an inbox with one register at least."""
    rng = Random(seed)
    known = homes(inbox)
    county = known[0][1][:6]
    _take_out(inbox, rng)
    told: Told = defaultdict(list)
    for number in range(CASES):
        # Few households for many cases: some have several, one after the other or side by side.
        household, village = rng.choice(known[: CASES // 2])
        _open(told, rng, f"{number:06d}", household, village)
    with (inbox / "arrivals.csv").open("a", encoding="utf-8", newline="") as arrivals:
        for feed, rows in told.items():
            monthly = feed == "comparison_results"
            for period, lines in _by_file(rows, monthly=monthly):
                name = f"{feed}/乱_{county}_{period:%Y%m}.csv" if monthly else f"{feed}/乱_{county}_{period:%Y%m%d}.csv"
                write_rows(inbox / name, lines)
                csv.writer(arrivals).writerow([name, f"{period + timedelta(days=1)}T21:00:00+08:00"])


def homes(inbox: Path) -> list[tuple[str, str]]:
    """The number and the village of each household of the first register."""
    register = min((inbox / "household_register").glob("*_户_*.csv"))
    with register.open(encoding=encoding_of(register), newline="") as lines:
        return [(row["户编号"], row["户编号"][:12]) for row in csv.DictReader(lines)]


def encoding_of(path: Path) -> str:
    try:
        path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _take_out(inbox: Path, rng: Random) -> None:
    """Every second case of the townships is not in their lists."""
    gone: dict[str, bool] = {}
    for path in sorted((inbox / "procedure_events").glob("*.csv")):
        with path.open(encoding=encoding_of(path), newline="") as lines:
            reader = csv.DictReader(lines)
            heads, rows = reader.fieldnames or [], list(reader)
        kept = [row for row in rows if not gone.setdefault(row["案件编号"], rng.random() < 0.5)]
        write_rows(path, kept, heads=list(heads), encoding=encoding_of(path))


def write_rows(path: Path, rows: list[Row], *, heads: list[str] | None = None, encoding: str = "utf-8-sig") -> None:
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.DictWriter(out, heads or list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _by_file(rows: list[tuple[date, Row]], *, monthly: bool) -> Iterator[tuple[date, list[Row]]]:
    """A file a month: its last day, or a Thursday, on which the townships themselves send nothing."""
    files: dict[date, list[Row]] = defaultdict(list)
    for when, row in sorted(rows, key=lambda told: told[0]):
        end = (when.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        files[end if monthly else when + timedelta(days=(3 - when.weekday()) % 7)].append(row)
    yield from sorted(files.items())


def _open(told: Told, rng: Random, code: str, household: str, village: str) -> None:
    """One way along a ladder, or what is left of one."""
    kind = rng.choice(("纳入", "纳入", "纳入", "风险消除"))
    start = FIRST + timedelta(days=rng.randrange((LAST - FIRST).days))
    place = {"案件编号": f"LJ{code}", "户编号": household, "程序类别": kind, "村编码": village}
    when = start
    if rng.random() < 0.85:
        for when, row in _steps(rng, kind, start):
            told["procedure_events"].append((when, {**place, **row}))
            if rng.random() < 0.08 and when < LAST:  # written down once more, a day later
                again = when + timedelta(days=1)
                told["procedure_events"].append(
                    (again + timedelta(days=7), {**place, **row, "办理日期": again.isoformat()})
                )
    if kind == "纳入" and rng.random() < 0.8:
        _apply(told, rng, code, household, village, start - timedelta(days=rng.choice((-3, 0, 0, 1, 2, 5))))
    if kind == "纳入" and rng.random() < 0.8:
        _compare(told, rng, code, household, start + timedelta(days=rng.randrange(-2, 9)))


def _steps(rng: Random, kind: str, start: date) -> Iterator[tuple[date, Row]]:
    ladder, is_careful = [sorted(steps) for steps in LADDER[kind]], rng.random() < 0.5
    steps = [step for place in ladder for step in rng.sample(place, len(place))]
    if rng.random() < 0.4:
        steps = [*steps[: rng.randrange(1, len(steps))], *(["终止"] if rng.random() < 0.3 else [])]
    when = start
    for step in steps:
        if rng.random() < (0.0 if is_careful else 0.1):
            continue
        taken = when - timedelta(days=0 if is_careful or rng.random() < 0.9 else rng.randrange(1, 12))
        lasts = timedelta(days=rng.randrange(4, 8))
        if taken <= LAST:
            yield taken, _step(rng, step, taken, taken + lasts if step == "村内公示" else None, kind)
        gap = rng.choice((1, 1, 2, 3)) if is_careful else rng.choice((0, 0, 1, 2, 3, 5, 12))
        gap = rng.choice((gap, gap, 13, 14, 15, 16)) if step in ("县级备案", "公告") else gap
        when = when + timedelta(days=gap) + (lasts if step == "村内公示" else timedelta())


def _step(rng: Random, step: str, taken: date, end: date | None, kind: str) -> Row:
    has_end, meets, hangs = end is not None and rng.random() < 0.9, step == "村级评议", step == "村内公示"
    counts = ("0", "", "1", "2", "3", "4", "5", "6", "7", "8")
    other = step in OTHER_NAMES and (step != "系统标注" or kind == "风险消除") and rng.random() < 0.5
    return {
        "程序步骤": OTHER_NAMES[step] if other else step,
        "办理日期": taken.isoformat(),
        "结束日期": end.isoformat() if end is not None and has_end else "",
        **{
            head: rng.choice(counts) if meets else ""
            for head in ("村两委成员人数", "驻村工作队人数", "村监督委员会人数", "村民代表人数")
        },
        "同意票数": "",
        "反对票数": "",
        "异议件数": rng.choice(("0", "0", "0", "0", "0", "1", "1", "2", "")) if hangs else "",
        "异议是否解决": rng.choice(("是", "是", "否", "")) if hangs else "",
        "结果": "已办理",
        "拟定监测类别": "",
        "办理单位": UNIT,
        "录入日期": (taken + timedelta(days=2)).isoformat(),
    }


def _apply(told: Told, rng: Random, code: str, household: str, village: str, applied: date) -> None:
    """An application, and perhaps what became of it."""
    signed = applied + timedelta(days=rng.choice((0, 0, 0, 0, 1, 4)))
    row = {
        "申请编号": f"LQ{code}",
        "更新日期": applied.isoformat(),
        "村编码": village,
        "户编号": household,
        "申请人姓名": "某某",
        "申请人证件号码": "839997197307160010",
        "申请方式": rng.choice(("书面申请", "手机APP", "咨询服务平台", "其他")),
        "申请日期": applied.isoformat(),
        "乡镇收到日期": rng.choice((applied.isoformat(), applied.isoformat(), "")),
        "受理日期": "",
        "结果录入日期": "",
        "处理结果": "",
        "是否授权查询": rng.choice(("是", "是", "是", "是", "是", "否", "")),
        "授权日期": rng.choice((signed.isoformat(),) * 5 + ("",)),
        "授权书编号": "",
        "撤销授权日期": (signed + timedelta(days=rng.randrange(8))).isoformat() if rng.random() < 0.15 else "",
        "代填人身份": rng.choice(("", "", "村干部", "扶贫小组长", "近亲属")),
        "是否按手印": rng.choice(("是", "是", "是", "否", "")),
        "是否告知农户": rng.choice(("是", "是", "是", "否", "")),
        "申请原因": "",
    }
    told["self_reports"].append((applied, row))
    accepted = applied + timedelta(days=rng.choice((1, 3, 7, 9, 10, 11, 12, 15)))
    if rng.random() < 0.8 and accepted <= LAST:
        row = {**row, "更新日期": accepted.isoformat(), "受理日期": accepted.isoformat(), "处理结果": "受理"}
        told["self_reports"].append((accepted, row))
    done = accepted + timedelta(days=rng.randrange(1, 40))
    if rng.random() < 0.5 and done <= LAST:
        result = rng.choice(("不予受理", "已纳入监测", "未纳入监测", "撤回"))
        row = {**row, "更新日期": done.isoformat(), "结果录入日期": done.isoformat(), "处理结果": result}
        told["self_reports"].append((done, row))


def _compare(told: Told, rng: Random, code: str, household: str, asked: date) -> None:
    """A comparison by six departments, of which some do not answer, some late; told once more when they did."""
    asked = min(asked, LAST)
    is_careful = rng.random() < 0.6
    for department in DEPARTMENTS:
        if not is_careful and rng.random() < 0.1:
            continue
        row = {
            "比对申请编号": f"LD{code}",
            "户编号": household,
            "比对部门": department,
            "发起日期": asked.isoformat(),
            "反馈日期": "",
            "是否命中": "",
            "命中类别": "",
            "命中项数": "",
            "反馈单位": department,
        }
        back = asked + timedelta(days=rng.choice((1, 2, 4, 6, 25)))
        answers = back <= LAST and (is_careful or rng.random() < 0.9)
        if not answers or (back.year, back.month) != (asked.year, asked.month):
            told["comparison_results"].append((asked, row))
        if answers:
            told["comparison_results"].append((back, {**row, "反馈日期": back.isoformat(), "是否命中": "否"}))
