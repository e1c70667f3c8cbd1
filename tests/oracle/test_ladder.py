"""The oracle's own clause tables for the procedure: one case of hand-made steps, and what each clause says of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.oracle import ladder
from tests.oracle.cases import ELIMINATION, INCLUSION, cases_on
from tests.oracle.deliveries import Row
from tests.oracle.test_clauses import HOME, MONITORED, REGISTERED, Inbox
from tests.oracle.three_valued import CLEAR, NOT_APPLICABLE, RAISED, UNKNOWN

TODAY = date(2021, 10, 31)
# A way without a fault: each step a day after the other, ten days at the most to the label.
UP = {
    "农户申请": "2021-08-02", "乡镇受理": "2021-08-03", "小组评议": "2021-08-05", "数据比对": "2021-08-05",
    "村级核实": "2021-08-09", "村级评议": "2021-08-10", "村内公示": "2021-08-11", "乡镇审核": "2021-08-17",
    "县级备案": "2021-08-18", "公告": "2021-08-18", "系统标注": "2021-08-25",
}  # fmt: skip
DOWN = {
    "村级评议": "2021-08-10", "村内公示": "2021-08-11", "乡镇审核": "2021-08-17", "县级备案": "2021-08-18",
    "批准公告": "2021-08-18", "风险消除标注": "2021-08-25",
}  # fmt: skip
FOUR = {"村两委成员人数": "5", "驻村工作队人数": "2", "村监督委员会人数": "1", "村民代表人数": "12"}
DETAILS = {**dict.fromkeys(FOUR, ""), "结束日期": "", "异议件数": "", "异议是否解决": ""}
APPLICATION = {
    "申请编号": "SQ1", "更新日期": "2021-08-02", "户编号": HOME, "申请方式": "手机APP", "申请日期": "2021-08-02",
    "乡镇收到日期": "2021-08-02", "受理日期": "2021-08-03", "结果录入日期": "", "处理结果": "受理",
    "是否授权查询": "是", "授权日期": "2021-08-02", "撤销授权日期": "", "代填人身份": "",
    "是否按手印": "否", "是否告知农户": "是",
}  # fmt: skip
OFFICES = ("公安交警", "自然资源不动产", "人社", "银行", "金融", "农机")


def step(name: str, day: str, kind: str = INCLUSION) -> Row:
    row = {"案件编号": "AJ1", "户编号": HOME, "程序类别": kind, "程序步骤": name, "办理日期": day, **DETAILS}
    row |= FOUR if name in ("村级评议", "民主评议") else {}
    return row | ({"结束日期": "2021-08-16", "异议件数": "0"} if name == "村内公示" else {})


def answer(rule: str, made: Inbox, steps: list[Row], kind: str = INCLUSION) -> list[str]:
    """What the rule says of the household's cases of a kind, NOT_APPLICABLE included."""
    made.add("procedure_events", "程序_341302_20211017.csv", "2021-10-18", steps, *step("终止", ""))
    judge = {**ladder.OF_INCLUSIONS, **ladder.OF_ELIMINATIONS}[rule]
    county = made.county()
    return sorted(judge(case, county, TODAY) for case in cases_on(county, TODAY) if case.kind == kind)


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    """A household that applied and was compared with all six offices; its steps are still to be told."""
    made = Inbox(tmp_path)
    home = {"户编号": HOME}
    made.add("household_register", "登记_户_341302_202109.csv", "2021-10-15", [REGISTERED])
    made.add("self_reports", "申报_341302_20211017.csv", "2021-10-18", [APPLICATION])
    rows = [
        {**home, "比对申请编号": "BD1", "比对部门": o, "发起日期": "2021-08-05", "反馈日期": "2021-08-09"}
        for o in OFFICES
    ]
    made.add("comparison_results", "比对_341300_202109.csv", "2021-10-10", rows)
    return made


def way(plan: dict[str, str], changes: dict[str, str], kind: str = INCLUSION) -> list[Row]:
    """The steps of a plan on other days; a step on no day was left out."""
    return [step(name, day, kind) for name, day in {**plan, **changes}.items() if day]


@pytest.mark.parametrize("rule", [rule for rule in ladder.OF_INCLUSIONS if rule != "R38"])
def test_a_way_without_a_fault_is_clear(inbox: Inbox, rule: str) -> None:
    assert answer(rule, inbox, way(UP, {})) == [CLEAR]


@pytest.mark.parametrize(
    ("rule", "changes", "said"),
    [
        ("R40", {"小组评议": "2021-08-10"}, CLEAR),
        ("R40", {"小组评议": "2021-08-11"}, RAISED),
        ("R40", {"小组评议": ""}, RAISED),
        ("R42", {"村级评议": ""}, UNKNOWN),
        ("R43", {"村内公示": "2021-08-12"}, RAISED),
        ("R43", {"村内公示": ""}, UNKNOWN),
        ("R44", {"乡镇审核": "2021-08-16"}, RAISED),
        ("R44", {"县级备案": "2021-08-17"}, RAISED),
        ("R44", {"公告": "2021-08-17"}, RAISED),
        ("R44", {"村内公示": ""}, UNKNOWN),
        ("R45", {"系统标注": "2021-09-01"}, CLEAR),
        ("R45", {"系统标注": "2021-09-02"}, RAISED),
        ("R45", {"系统标注": ""}, RAISED),
        ("R45", {"县级备案": ""}, UNKNOWN),
        ("R46", {"村级核实": ""}, RAISED),
        ("R46", {"系统标注": ""}, CLEAR),
        ("R46", {"小组评议": "2021-08-03"}, CLEAR),
        ("R46", {"村级核实": "2021-08-04"}, RAISED),
    ],
)
def test_a_step_on_another_day_or_left_out(inbox: Inbox, rule: str, changes: dict[str, str], said: str) -> None:
    assert answer(rule, inbox, way(UP, changes)) == [said]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, CLEAR),
        ({"村内公示": "2021-08-12"}, RAISED),
        ({"村级评议": ""}, RAISED),
        ({"乡镇审核": "2021-08-16"}, RAISED),
    ],
)
def test_r48_the_same_ladder_down(inbox: Inbox, changes: dict[str, str], said: str) -> None:
    assert answer("R48", inbox, way(DOWN, changes, ELIMINATION), ELIMINATION) == [said]


def test_r48_a_list_still_hanging_breaks_nothing(inbox: Inbox) -> None:
    hanging = [
        step("村级评议", "2021-08-10", ELIMINATION),
        step("村内公示", "2021-08-11", ELIMINATION) | {"结束日期": ""},
    ]
    assert answer("R48", inbox, hanging, ELIMINATION) == [CLEAR]


@pytest.mark.parametrize(
    ("missing", "said"),
    [({}, CLEAR), ({"村监督委员会人数": "0"}, RAISED), ({"村民代表人数": ""}, UNKNOWN)],
)
def test_r42_one_of_each_of_the_four(inbox: Inbox, missing: Row, said: str) -> None:
    steps = [row | missing if row["程序步骤"] == "村级评议" else row for row in way(UP, {})]
    assert answer("R42", inbox, steps) == [said]


@pytest.mark.parametrize(
    ("objections", "resolved", "said"), [("1", "是", CLEAR), ("1", "否", RAISED), ("1", "", UNKNOWN), ("", "", UNKNOWN)]
)
def test_r44_no_objection_stands(inbox: Inbox, objections: str, resolved: str, said: str) -> None:
    told = {"异议件数": objections, "异议是否解决": resolved}
    assert answer("R44", inbox, [row | told if row["程序步骤"] == "村内公示" else row for row in way(UP, {})]) == [said]


@pytest.mark.parametrize(
    ("changes", "r37", "r41"),
    [
        ({"授权日期": "2021-08-05"}, CLEAR, CLEAR),
        ({"授权日期": "2021-08-06"}, RAISED, RAISED),
        ({"授权日期": ""}, UNKNOWN, UNKNOWN),
        ({"是否授权查询": "否"}, RAISED, RAISED),
        ({"撤销授权日期": "2021-08-05"}, RAISED, RAISED),
    ],
    ids=["that day", "a day late", "undated", "refused", "revoked that day"],
)
def test_r37_r41_authorised_before_it_was_asked_for(inbox: Inbox, changes: Row, r37: str, r41: str) -> None:
    newer = {**APPLICATION, "更新日期": "2021-08-03", **changes}
    inbox.add("self_reports", "申报_341302_20211018.csv", "2021-10-19", [newer])
    assert answer("R37", inbox, way(UP, {})) == [r37]
    assert answer("R41", inbox, way(UP, {})) == [r41]


@pytest.mark.parametrize(
    ("agent", "fingerprint", "told", "said"),
    [
        ("", "否", "否", NOT_APPLICABLE),
        ("村干部", "是", "是", CLEAR),
        ("村干部", "否", "是", RAISED),
        ("近亲属", "", "是", UNKNOWN),
        ("近亲属", "", "否", RAISED),
    ],
)
def test_r38_whoever_fills_it_in_for_others(inbox: Inbox, agent: str, fingerprint: str, told: str, said: str) -> None:
    newer = {**APPLICATION, "更新日期": "2021-08-03", "代填人身份": agent}
    newer |= {"是否按手印": fingerprint, "是否告知农户": told}
    inbox.add("self_reports", "申报_341302_20211018.csv", "2021-10-19", [newer])
    assert answer("R38", inbox, way(UP, {})) == [said]


@pytest.mark.parametrize(("result", "said"), [("不予受理", NOT_APPLICABLE), ("已纳入监测", UNKNOWN), ("受理", UNKNOWN)])
def test_an_application_without_a_step(inbox: Inbox, result: str, said: str) -> None:
    newer = {**APPLICATION, "更新日期": "2021-08-03", "处理结果": result, "结果录入日期": "2021-08-03"}
    inbox.add("self_reports", "申报_341302_20211018.csv", "2021-10-19", [newer])
    cases = answer("R46", inbox, [])
    assert cases[0] == said


@pytest.mark.parametrize(("month", "said"), [("202109", RAISED), ("202110", UNKNOWN), ("202108", None)])
def test_only_the_national_list_knows_of_it(tmp_path: Path, month: str, said: str | None) -> None:
    """Every step is left out; where the steps of the time have not come, or began later, nothing is known."""
    made = Inbox(tmp_path)
    made.add("household_register", "登记_户_341302_202109.csv", "2021-10-15", [REGISTERED])
    made.add("procedure_events", "程序_341302_20210829.csv", "2021-08-30", [], *step("终止", ""))
    listed = {**MONITORED, "识别监测时间": month}
    made.add("national_monitored_export", "监测_341302_202109.csv", "2021-10-05", [listed])
    assert answer("R46", made, []) == ([] if said is None else [said])
