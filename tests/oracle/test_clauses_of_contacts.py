"""The oracle's own clause tables for the helpers of §4(3): small hand-made files, and what each clause says of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle import contacts
from tests.oracle.deliveries import Row
from tests.oracle.test_clauses import HOME, MONITORED, Inbox, again, delivered
from tests.oracle.three_valued import CLEAR, NOT_APPLICABLE, RAISED, UNKNOWN

CONTACT: Row = {
    "户编号": HOME,
    "类别": "帮扶联系人",
    "安排层级": "县级",
    "开始日期": "2020-01-01",
    "结束日期": "",
    "结束原因": "",
}


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    """A lifted-out household of two, one fen under the line, monitored for an illness; all lists have come."""
    return delivered(tmp_path)


def helped(made: Inbox, *changes: Row) -> Inbox:
    """The list of helpers of September."""
    made.add("helpers", "联系人_341302_202109.csv", "2021-10-05", [{**CONTACT, **c} for c in changes], *CONTACT)
    return made


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ([{}], CLEAR),
        ([{}, {"安排层级": "乡级"}], CLEAR),
        ([], RAISED),
        ([{}, {}, {}], RAISED),
        ([{"安排层级": "乡级"}], RAISED),
        ([{"类别": "帮扶责任人"}], RAISED),
        ([{"结束日期": "2021-09-10"}, {"开始日期": "2021-09-11"}], CLEAR),
        ([{"结束日期": "2021-09-10"}, {"开始日期": "2021-09-12"}], RAISED),
        ([{"结束日期": "2021-09-10"}, {"开始日期": "2021-09-11", "安排层级": "村级"}], RAISED),
    ],
    ids=["one", "two", "none", "three", "not the county's", "no contact", "handed over", "a day's gap", "county left"],
)
def test_r66_contacts_on_every_day(inbox: Inbox, terms: list[Row], said: str) -> None:
    rows = [{**CONTACT, **changes} for changes in terms]
    inbox.add("helpers", "联系人_341302_202109.csv", "2021-10-05", rows, *CONTACT)
    assert contacts.r66(inbox.household()) == said


def test_r66_counts_from_the_day_after_the_label(inbox: Inbox) -> None:
    inbox.add("helpers", "联系人_341302_202109.csv", "2021-10-05", [{**CONTACT, "开始日期": "2021-09-12"}])
    label = {"户编号": HOME, "程序类别": "纳入", "程序步骤": "系统标注", "办理日期": "2021-09-10", "结束日期": ""}
    again(inbox, "national_monitored_export", MONITORED, 识别监测时间="202109")
    assert (
        contacts.r66(inbox.household()) == UNKNOWN
    )  # labelled at the month's end for all that is known: no day is told yet
    inbox.add("procedure_events", "程序_341302_20210912.csv", "2021-09-12", [label])
    assert contacts.r66(inbox.household()) == RAISED
    inbox.add("procedure_events", "程序_341302_20210913.csv", "2021-09-13", [{**label, "办理日期": "2021-09-11"}])
    assert contacts.r66(inbox.household()) == CLEAR


def test_r66_speaks_of_monitored_households(inbox: Inbox) -> None:
    assert contacts.r66(inbox.household()) == UNKNOWN  # no list of helpers has come
    again(inbox, "national_monitored_export", MONITORED, 风险是否已消除="是")
    assert contacts.r66(inbox.household()) == NOT_APPLICABLE


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ([], NOT_APPLICABLE),
        ([{}], CLEAR),
        ([{"结束日期": "2021-09-05"}, {"开始日期": "2021-09-20"}], CLEAR),
        ([{"结束日期": "2021-09-05"}, {"开始日期": "2021-09-21"}], RAISED),
        ([{"结束日期": "2021-09-14"}], RAISED),
        ([{"结束日期": "2021-09-15"}], CLEAR),
        ([{"结束日期": "2021-09-05", "结束原因": "风险消除"}], CLEAR),
        ([{"结束日期": "2021-09-05"}, {}], CLEAR),
        ([{"结束日期": "2021-09-05"}, {"类别": "帮扶责任人"}], RAISED),
        ([{"结束日期": "2021-09-10"}, {"开始日期": "2021-11-01"}], RAISED),
        ([{"结束日期": "2020-12-31"}], CLEAR),
        ([{"结束日期": "2021-07-05"}, {"开始日期": "2021-08-31"}], CLEAR),
    ],
    ids=[
        *("never one", "nobody left", "fifteen days", "sixteen", "waits for sixteen", "waits for fifteen"),
        *("risk gone", "another stays", "another kind stays", "the next to come", "before the label", "told before"),
    ],
)
def test_r64_whoever_leaves_is_followed(inbox: Inbox, terms: list[Row], said: str) -> None:
    assert contacts.r64(helped(inbox, *terms).household()) == said


@pytest.mark.parametrize(
    ("kind", "label", "terms", "said"),
    [
        ("边缘易致贫户", "2021-09-01", [{"开始日期": "2021-09-16"}], CLEAR),
        ("突发严重困难户", "2021-09-01", [{"开始日期": "2021-09-17"}], RAISED),
        ("脱贫不稳定户", "2021-09-01", [{"开始日期": "2021-09-17"}], NOT_APPLICABLE),
        ("边缘易致贫户", "2021-09-01", [{}], CLEAR),
        ("边缘易致贫户", "2021-09-01", [{"结束日期": "2021-09-01"}], RAISED),
        ("边缘易致贫户", "2021-09-15", [], NOT_APPLICABLE),
        ("边缘易致贫户", "2021-09-14", [], RAISED),
        ("边缘易致贫户", "", [{}], UNKNOWN),
        ("边缘易致贫户", "2021-09-14", [{"开始日期": "2021-10-01"}], RAISED),
    ],
    ids=["15th day", "16th", "another type", "there before", "left", "may wait", "waits", "no label", "to come"],
)
def test_r65_a_contact_for_the_newly_identified(
    inbox: Inbox, kind: str, label: str, terms: list[Row], said: str
) -> None:
    step = {"户编号": HOME, "案件编号": "A", "程序类别": "纳入", "程序步骤": "系统标注", "办理日期": label}
    inbox.add("procedure_events", "程序_341302_20210920.csv", "2021-09-20", [step])
    again(inbox, "national_monitored_export", MONITORED, 监测对象类别=kind, 识别监测时间="202109")
    assert contacts.r65(helped(inbox, *terms).household()) == said


@pytest.mark.parametrize(("month", "said"), [("202107", RAISED), ("202106", NOT_APPLICABLE)], ids=["three", "four"])
def test_r65_three_months_are_new(inbox: Inbox, month: str, said: str) -> None:
    step = {"户编号": HOME, "案件编号": "A", "程序类别": "纳入", "程序步骤": "系统标注"}
    step |= {"办理日期": f"{month[:4]}-{month[4:]}-28", "结束日期": ""}
    inbox.add("procedure_events", "程序_341302_20210920.csv", "2021-09-20", [step])
    again(inbox, "national_monitored_export", MONITORED, 监测对象类别="边缘易致贫户", 识别监测时间=month)
    assert contacts.r65(helped(inbox).household()) == said
