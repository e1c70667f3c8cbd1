"""§3(1) 部门筛查预警: which rows of the departments' lists are signals, and on whose household (rules.md 2.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from tests.oracle import policy
from tests.oracle.county import County
from tests.oracle.deliveries import Row, day, last_day, money, month
from tests.oracle.duty import files
from tests.oracle.key_groups import lists

HOUSE, PERSON = "户编号", "证件号码"


@dataclass(frozen=True)
class Trigger:
    """What makes a row of a department's list a signal: `says` is asked of the row and of the household's type."""

    feed: str
    about: str
    risk: str
    says: Callable[[Row, bool], bool]
    person: str = ""  # the heading under which the row names a person; none where it names a household alone


@dataclass(frozen=True)
class Signal:
    """Something told of a household: what it is about, from when on, and whether the township has to be told."""

    household: str
    cause: str
    since: date
    is_pushed: bool


def _above(row: Row, heading: str, limit: int) -> bool:
    return (money(row.get(heading, "")) or 0) > limit


def _from(row: Row, heading: str, limit: int) -> bool:
    return (money(row.get(heading, "")) or 0) >= limit


def _large_self_pay(row: Row, is_lifted_out: bool) -> bool:
    """脱贫户 5000, 其他 20000, cumulative to the end of last month."""
    return _from(row, "合规自付费用", int(policy.SELF_PAY_LIFTED_OUT if is_lifted_out else policy.SELF_PAY_OTHER))


def _dear_schooling(row: Row, _: bool) -> bool:
    return row["学段"] in policy.DEAR_STAGES and _above(row, "学年自付费用", policy.SCHOOL_FEES)


def _newly_severe(row: Row, _: bool) -> bool:
    return row["是否新发证"] == "是" and int(row["残疾等级"]) <= policy.SEVERE_LEVEL


def _relief_stopped(row: Row, _: bool) -> bool:
    """Who died or moved away needs no visit; for any other reason, or none that is told, somebody goes."""
    return row["状态"] == "停发" and row["停发原因"] not in policy.NEEDS_NO_VISIT


LISTS = (
    Trigger("medical_insurance", "合规自付", "因病", _large_self_pay, PERSON),
    Trigger("medical_insurance", "门诊慢特病", "因病",
            lambda row, _: _from(row, "当月门诊慢特病自付", policy.OUTPATIENT_A_MONTH), PERSON),
    Trigger("education", "辍学", "义务教育", lambda row, _: row["就学状态"] == "辍学", PERSON),
    Trigger("education", "学费", "因学", _dear_schooling, PERSON),
    Trigger("health", "大病", "因病", lambda row, _: row["是否新增"] == row["是否大病重病"] == "是", PERSON),
    Trigger("civil_affairs", "新增救助", "其他", lambda row, _: row["状态"] == "新增", PERSON),
    Trigger("civil_affairs", "停发救助", "其他", _relief_stopped, PERSON),
    Trigger("disabled", "重残", "因残", _newly_severe, "证件号码（残疾人证）"),
    Trigger("housing", "危房", "住房安全", lambda row, _: row["住房等级"] in policy.UNSAFE_GRADES),
    Trigger("housing", "损坏", "住房安全", lambda row, _: row["新增损坏"] in policy.DAMAGES),
    Trigger("water", "饮水", "饮水安全", lambda row, _: row["饮水是否安全"] == "否"),
    Trigger("hrss_employment", "失业", "因务工就业不稳",
            lambda row, _: row["就业状态"] == "失业" and row.get("是否失业登记") == "是", PERSON),
    Trigger("hrss_employment", "欠薪", "因务工就业不稳", lambda row, _: _above(row, "欠薪金额", 0), PERSON),
    Trigger("small_loans", "逾期", "其他",
            lambda row, _: _above(row, "逾期天数", policy.OVERDUE_DAYS), "借款人证件号码"),
)  # fmt: skip
# What departments tell of as it happens: each row once, whatever comes after it.
EVENTS = (
    Trigger("police_events", "死亡", "因意外事故",
            lambda row, _: row["事件类别"] == "死亡" and row["是否主要劳动力"] == "是", PERSON),
    Trigger("police_events", "事故", "因意外事故", lambda row, _: row["事故伤情"] in policy.BAD_INJURIES, PERSON),
    Trigger("emergency_losses", "房屋受损", "因自然灾害", lambda row, _: row["房屋受损"] in policy.BAD_DAMAGES),
    Trigger("emergency_losses", "损失", "因自然灾害", lambda row, _: _above(row, "直接经济损失", 0)),
    Trigger("market_supervision", "经营", "因产业失败", lambda row, _: row["登记状态"] in policy.CLOSED, PERSON),
)  # fmt: skip


def told_once(county: County, feed: str, heading: str = "", kind: str = "") -> Iterator[tuple[date, Row]]:
    """Every row once, with the day from which it may be used: its own day (else its file's last) or its coming."""
    seen = set()
    for file in files(county, feed, kind):
        for row in file.rows:
            if (content := tuple(sorted(row.items()))) not in seen:
                seen.add(content)
                own = day(row[heading]) if heading else last_day(month(file.period))
                yield max(own or file.received, file.received), row


@cache
def registered(county: County, today: date) -> dict[str, list[Row]]:
    """The households of the register in force."""
    edition = county.register.in_force(today)
    return {} if edition is None else county.by(county.register, edition, HOUSE)


@cache
def _homes(county: County, today: date) -> dict[str, list[Row]]:
    edition = county.persons.in_force(today)
    return {} if edition is None else county.by(county.persons, edition, PERSON)


def home(county: County, today: date, person: str, named: str) -> Row | None:
    """The register's household of a person on the day, else the household that the row names, if it is registered."""
    households = registered(county, today)
    at = [row[HOUSE] for row in _homes(county, today).get(person, []) if row[HOUSE] in households]
    found = households.get(min(at) if at else named)
    return found[0] if found else None


def _rows(county: County, trigger: Trigger) -> Iterator[tuple[date, Row]]:
    if trigger in EVENTS:
        yield from told_once(county, trigger.feed)
        return
    found = county.medical if trigger.feed == "medical_insurance" else lists(county, trigger.feed)
    for number, since in found.usable.items():
        yield from ((since, row) for row in found.rows(number))


def screened(county: County) -> Iterator[Signal]:
    """Every signal that a department's list gives on a registered household."""
    for trigger in (*LISTS, *EVENTS):
        for since, row in _rows(county, trigger):
            # Whoever would not be a signal in any household need not be looked for.
            if not (trigger.says(row, True) or trigger.says(row, False)):
                continue
            person = row[trigger.person][:18] if trigger.person else ""
            house = home(county, since, person, row.get(HOUSE, ""))
            if house is not None and trigger.says(row, house["户类型"] == "脱贫户"):
                cause = trigger.about if trigger.risk == "其他" else trigger.risk
                yield Signal(house[HOUSE], cause, since, is_pushed=True)
