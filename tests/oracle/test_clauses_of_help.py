"""The oracle's own clause tables for income, elimination and help, over small hand-made files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.oracle import aid, incomes, leaving, money
from tests.oracle.deliveries import Row
from tests.oracle.test_clauses import HOME, MONITORED, REGISTERED, TODAY, Inbox, again, delivered, person
from tests.oracle.three_valued import CLEAR, NOT_APPLICABLE, RAISED, UNKNOWN

MEASURE: Row = {
    "户编号": HOME,
    "证件号码": "",
    "措施类别": "健康帮扶",
    "措施名称": "家庭医生签约服务",
    "针对风险": "因病",
    "方案版本": "1",
    "实施状态": "实施中",
    "开始实施日期": "2021-01-01",
    "结束日期": "",
    "资金来源": "行业资金",
}


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    """A lifted-out household of two, one fen under the line, monitored for an illness; all lists have come."""
    return delivered(tmp_path)


def measured(made: Inbox, *changes: Row) -> Inbox:
    """The list of measures of September."""
    made.add("measures", "帮扶措施台账_341302_202109.csv", "2021-10-05", [{**MEASURE, **c} for c in changes], *MEASURE)
    return made


def persons(made: Inbox, *changes: Row) -> Inbox:
    """The register of persons of September: members with one thing changed."""
    rows = [{**person(n), **change} for n, change in enumerate(changes, start=1)]
    made.add("household_register", "登记_人_341302_202109.csv", "2021-10-20", rows)
    return made


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, CLEAR),
        ({"措施类别": "产业帮扶"}, RAISED),
        ({"实施状态": "尚未实施", "开始实施日期": ""}, RAISED),
        ({"实施状态": "已终止"}, RAISED),
        ({"开始实施日期": "2021-11-01"}, RAISED),
    ],
    ids=["against it", "of no use against it", "only planned", "broken off", "begins later"],
)
def test_r57_each_risk_has_its_measure(inbox: Inbox, changes: Row, said: str) -> None:
    inbox.add("measures", "帮扶措施台账_341302_202109.csv", "2021-10-05", [{**MEASURE, **changes}])
    assert aid.r57(inbox.household()) == said


@pytest.mark.parametrize(
    ("identified", "said"), [("202107", RAISED), ("202108", NOT_APPLICABLE)], ids=["due", "not yet"]
)
def test_r57_a_month_passes_before_the_first_measure_is_due(inbox: Inbox, identified: str, said: str) -> None:
    inbox.add("measures", "帮扶措施台账_341302_202109.csv", "2021-10-05", [], *MEASURE)
    assert aid.r57(again(inbox, "national_monitored_export", MONITORED, 识别监测时间=identified).household()) == said


@pytest.mark.parametrize(
    ("skills", "measure", "r60", "r61"),
    [
        (("普通劳动力", "无劳动力"), "产业帮扶", CLEAR, NOT_APPLICABLE),
        (("普通劳动力", "无劳动力"), "健康帮扶", RAISED, NOT_APPLICABLE),
        (("无劳动力", "丧失劳动力"), "健康帮扶", NOT_APPLICABLE, RAISED),
        (("无劳动力", "丧失劳动力"), "综合保障", NOT_APPLICABLE, CLEAR),
        (("弱劳动力或半劳动力", "无劳动力"), "健康帮扶", NOT_APPLICABLE, RAISED),
        (("无劳动力", ""), "健康帮扶", UNKNOWN, UNKNOWN),
    ],
)
def test_r60_r61_development_for_labour_safety_net_without(
    inbox: Inbox, skills: tuple[str, str], measure: str, r60: str, r61: str
) -> None:
    rows = [person(n, skill) for n, skill in enumerate(skills, start=1)]
    inbox.add("household_register", "登记_人_341302_202109.csv", "2021-10-20", rows)
    inbox.add("measures", "帮扶措施台账_341302_202109.csv", "2021-10-05", [{**MEASURE, "措施类别": measure}])
    inbox.add("civil_affairs", "救助_341302_202109.csv", "2021-10-05", [], "户编号", "救助类别", "状态")
    made = inbox.household()
    assert (aid.r60(made), aid.r61(made)) == (r60, r61)


@pytest.mark.parametrize(
    ("skill", "eliminated", "said"),
    [
        ("无劳动力", "是", RAISED),
        ("无劳动力", "", CLEAR),
        ("普通劳动力", "是", CLEAR),
        ("弱劳动力或半劳动力", "是", CLEAR),
        ("", "是", UNKNOWN),
        ("", "", CLEAR),
    ],
)
def test_r51_no_label_for_those_without_labour(inbox: Inbox, skill: str, eliminated: str, said: str) -> None:
    rows = [person(1, "无劳动力"), person(2, skill)]
    inbox.add("household_register", "登记_人_341302_202109.csv", "2021-10-20", rows)
    again(inbox, "national_monitored_export", MONITORED, 风险是否已消除=eliminated)
    assert leaving.r51(inbox.household()) == said


def test_r47_six_months_at_the_line_and_nothing_in_the_way(inbox: Inbox) -> None:
    """The same household in February is judged by an income that was not known yet."""
    assert leaving.r47(inbox.household()) == CLEAR
    again(inbox, "household_register", REGISTERED, 工资性收入="12000.00")
    assert leaving.r47(inbox.household()) == UNKNOWN


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"结束日期": "2021-10-01"}, CLEAR),
        ({"结束日期": "2021-09-30"}, RAISED),
        ({"开始实施日期": ""}, CLEAR),
        ({"实施状态": "已完成"}, RAISED),
    ],
    ids=["after the list's last day", "over on it", "no day, but under way", "completed"],
)
def test_r57_what_is_over_answers_no_risk(inbox: Inbox, changes: Row, said: str) -> None:
    assert aid.r57(measured(inbox, changes).household()) == said


def test_a_list_of_measures_that_is_too_old_says_nothing(inbox: Inbox) -> None:
    measured(inbox, {})
    assert aid.r57(inbox.household(date(2021, 12, 31))) == CLEAR
    assert aid.r57(inbox.household(date(2022, 1, 31))) == UNKNOWN


@pytest.mark.parametrize(
    ("monitored", "measures", "said"),
    [
        ({}, [{}], CLEAR),
        ({}, [{"实施状态": "尚未实施"}], RAISED),
        ({"识别监测时间": "202108"}, [], CLEAR),
        ({"风险是否已消除": "是"}, [], RAISED),
    ],
    ids=["helped", "only planned", "not due yet", "not included any more, below the line and ill"],
)
def test_r53_included_and_helped(inbox: Inbox, monitored: Row, measures: list[Row], said: str) -> None:
    """The household is one fen under the line: struck by what the restated income names, it should be included."""
    inbox.add(
        "household_register",
        "农户收入变动表_341302_202109.csv",
        "2021-10-20",
        [{**REGISTERED, "工资性收入": "11999.99", "变动原因": "因病"}],
    )
    again(inbox, "national_monitored_export", MONITORED, **monitored)
    assert aid.r53(measured(inbox, *measures).household()) == said


@pytest.mark.parametrize(
    ("risks", "measures", "r58", "r59"),
    [
        ({}, [{}], CLEAR, NOT_APPLICABLE),
        ({}, [], CLEAR, NOT_APPLICABLE),
        ({}, [{}, {}], CLEAR, NOT_APPLICABLE),
        ({}, [{}, {"措施类别": "产业帮扶"}], RAISED, NOT_APPLICABLE),
        ({"致贫/返贫风险2": "因学"}, [{}, {"措施类别": "教育帮扶"}], NOT_APPLICABLE, CLEAR),
        ({"致贫/返贫风险2": "因学"}, [{"措施类别": "社会帮扶"}], NOT_APPLICABLE, RAISED),
        ({"致贫/返贫风险2": "因学"}, [{}, {"措施类别": "产业帮扶"}], NOT_APPLICABLE, RAISED),
    ],
    ids=["one", "none", "two of a class", "two classes", "each answered", "one class for both", "one unanswered"],
)
def test_r58_r59_one_for_one_and_several_for_several(
    inbox: Inbox, risks: Row, measures: list[Row], r58: str, r59: str
) -> None:
    again(inbox, "national_monitored_export", MONITORED, **risks)
    made = measured(inbox, *measures).household()
    assert (aid.r58(made), aid.r59(made)) == (r58, r59)


@pytest.mark.parametrize(
    ("marks", "measure", "said"),
    [
        (("是", "否"), {"措施类别": "志智双扶"}, CLEAR),
        (("是", ""), {"措施类别": "就业帮扶", "措施名称": "务工技能培训"}, CLEAR),
        (("是", "否"), {"措施类别": "就业帮扶", "措施名称": "岗位推荐"}, RAISED),
        (("否", "否"), {}, NOT_APPLICABLE),
        (("否", ""), {}, UNKNOWN),
    ],
    ids=["minds", "training by its name", "a job alone", "nobody marked", "of one nothing said"],
)
def test_r62_training_or_education_for_whom_it_is_marked(
    inbox: Inbox, marks: tuple[str, str], measure: Row, said: str
) -> None:
    persons(inbox, *({"内生动力不足": mark} for mark in marks))
    assert aid.r62(measured(inbox, measure).household()) == said


def paid(made: Inbox, amount: str) -> Inbox:
    """The medical list of September: what the first member paid this year."""
    row = {"证件号码": person(1)["证件号码"], "合规自付费用": amount, "截止月份": "202109"}
    made.add("medical_insurance", "医保_341302_202109.csv", "2021-10-20", [row])
    return made


@pytest.mark.parametrize(
    ("amount", "measure", "said"),
    [
        ("4999.99", {}, CLEAR),
        ("5000.00", {}, RAISED),
        ("5000.00", {"证件号码": person(1)["证件号码"]}, CLEAR),
        ("5000.00", {"证件号码": person(2)["证件号码"]}, RAISED),
        ("4999.99", {"方案版本": ""}, RAISED),
        ("4999.99", {"实施状态": "已终止"}, RAISED),
    ],
    ids=["nobody at risk", "no measure of his own", "his own", "another's", "no plan", "a plan broken off"],
)
def test_r67_a_plan_and_a_measure_for_whom_the_list_names(inbox: Inbox, amount: str, measure: Row, said: str) -> None:
    assert aid.r67(measured(paid(inbox, amount), measure).household()) == said


def test_r67_without_a_medical_list_nobody_is_named(inbox: Inbox) -> None:
    assert aid.r67(measured(inbox, {}).household(date(2021, 12, 31))) == CLEAR
    inbox.add("measures", "帮扶措施台账_341302_202112.csv", "2022-01-05", [MEASURE])
    assert aid.r67(inbox.household(date(2022, 1, 31))) == UNKNOWN


@pytest.mark.parametrize(
    ("later", "said"),
    [
        ({"风险是否已消除": "是", "消除监测时间": "202109"}, CLEAR),
        ({}, RAISED),
        ({"识别监测时间": "202110"}, CLEAR),
        ({"监测对象类别": ""}, CLEAR),
        (None, UNKNOWN),
    ],
    ids=["stays marked", "carried again", "identified anew", "as nothing", "no later list"],
)
def test_r49_whoever_bears_the_mark_is_not_carried(inbox: Inbox, later: Row | None, said: str) -> None:
    step = {"户编号": HOME, "案件编号": "B", "程序类别": "风险消除", "程序步骤": "风险消除标注"}
    step["办理日期"] = "2021-09-10"
    inbox.add("procedure_events", "程序_341302_20210912.csv", "2021-09-12", [step])
    if later is not None:
        row = {**MONITORED, "消除监测时间": "", **later}
        inbox.add("national_monitored_export", "监测_341302_202110.csv", "2021-11-05", [row])
    assert list(leaving.r49(inbox.county())) == [(HOME, said)]


def test_r50_income_that_fell_is_not_stable(inbox: Inbox) -> None:
    measured(inbox, {})
    assert leaving.r50(inbox.household()) == UNKNOWN
    earlier = {**REGISTERED, "收入截止月": "2020-09", "工资性收入": "17142.84"}
    inbox.add("household_register", "登记_户_341302_202009.csv", "2020-10-15", [earlier])
    assert leaving.r50(inbox.household()) == UNKNOWN  # it fell by less; how self-pay moves is not told
    inbox.add("household_register", "登记_户_341302_202009.csv", "2020-10-16", [{**earlier, "工资性收入": "17142.85"}])
    assert leaving.r50(inbox.household()) == RAISED


def test_r51_a_household_that_the_register_closed_is_another_matter(inbox: Inbox) -> None:
    persons(inbox, {"劳动技能": "无劳动力"}, {"劳动技能": "无劳动力"})
    again(inbox, "national_monitored_export", MONITORED, 风险是否已消除="是")
    closing = {"原户编号": HOME, "变动类型": "销户", "变动日期": "2021-09-09"}
    inbox.add("household_register", "农户户籍变动表_341302_202109.csv", "2021-11-01", [closing])
    assert leaving.r51(inbox.household()) == RAISED
    assert leaving.r51(inbox.household(date(2021, 11, 30))) == NOT_APPLICABLE


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([{"人员状态": "死亡"}, {"劳动技能": "无劳动力"}], False),
        ([{"劳动技能": "无劳动力"}], None),
        ([{"人员状态": "死亡"}, {"人员状态": "迁出"}], None),
    ],
    ids=["whoever could work is dead", "one of two is not told of", "nobody is left"],
)
def test_who_counts_as_labour(inbox: Inbox, changes: list[Row], said: bool | None) -> None:
    assert persons(inbox, *changes).household().has_labour is said


PARTS = {"其中：土地流转收入": "600.00", "其中：产业项目分红": "401.00"}
TOLD = dict.fromkeys(("生产经营性收入", "生产经营性支出", "财产性收入", "转移性收入"), "")


@pytest.mark.parametrize(
    ("register", "listed", "said"),
    [
        ({}, None, NOT_APPLICABLE),
        ({"财产性收入": "1000.00", **PARTS}, None, CLEAR),
        ({"财产性收入": "999.99", **PARTS}, None, RAISED),
        ({"财产性收入": "", **PARTS}, None, NOT_APPLICABLE),
        ({}, {"工资性收入": "12001", "人均纯收入（元）": "12000"}, CLEAR),
        ({}, {"工资性收入": "12001.01", "人均纯收入（元）": "12000"}, RAISED),
        ({"收入截止月": "2020-09"}, {"工资性收入": "12000", "人均纯收入（元）": "12000"}, CLEAR),
        ({"收入截止月": "2020-09", "财产性收入": "999.99", **PARTS}, None, UNKNOWN),
    ],
    ids=["told once", "a yuan more", "beyond", "no whole", "total on", "total off", "the list's own", "too old"],
)
def test_r06_parts_add_up(inbox: Inbox, register: Row, listed: Row | None, said: str) -> None:
    again(inbox, "household_register", REGISTERED, **register)
    row = {**MONITORED, **TOLD, **(listed or {}), "户编号": HOME if listed else "34130211420100000009"}
    inbox.add("national_monitored_export", "监测_341302_202109.csv", "2021-10-20", [row])
    assert incomes.r06(inbox.household()) == said


def test_r06_parts_of_an_income_that_was_restated_are_no_longer_said(inbox: Inbox) -> None:
    again(inbox, "household_register", REGISTERED, 财产性收入="1.00", **PARTS)
    inbox.add("national_monitored_export", "监测_341302_202109.csv", "2021-10-20", [{**MONITORED, "户编号": "0"}])
    assert incomes.r06(inbox.household()) == RAISED
    restated = {**REGISTERED, "变动原因": "因病"}
    inbox.add("household_register", "农户收入变动表_341302_202109.csv", "2021-10-25", [restated])
    assert incomes.r06(inbox.household()) == NOT_APPLICABLE


@pytest.mark.parametrize(
    ("households", "payments", "said"),
    [
        (5, [], RAISED),
        (4, [], NOT_APPLICABLE),
        (5, [{}], CLEAR),
        (5, [{"资金类别": "社会捐赠"}], RAISED),
        (5, [{"支付日期": "2020-10-31"}], RAISED),
        (5, [{"支付日期": "2020-11-01"}], CLEAR),
    ],
    ids=["nobody", "too few to say", "one was paid", "by another fund", "too long ago", "just within"],
)
def test_r56_no_type_is_shut_out(inbox: Inbox, households: int, payments: list[Row], said: str) -> None:
    numbers = [f"{HOME[:-1]}{n}" for n in range(1, households + 1)]
    for feed, name, row in (
        ("household_register", "登记_户", REGISTERED),
        ("national_monitored_export", "监测", MONITORED),
    ):
        inbox.add(feed, f"{name}_341302_202109.csv", "2021-10-20", [{**row, "户编号": n} for n in numbers])
    measured(inbox)
    heads = {"户编号": HOME, "资金类别": "衔接资金", "支付日期": "2021-01-01"}
    assert money.r56(inbox.county(), TODAY) == [UNKNOWN if households > 4 else NOT_APPLICABLE]  # no payments told yet
    inbox.add("funds", "资金支付_341302_202011.csv", "2020-12-05", [{**heads, **p} for p in payments], *heads)
    assert money.r56(inbox.county(), TODAY) == [said]
