"""The oracle's own clause tables for leads, §3(1): small hand-made files, and what each clause says of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.oracle import leads
from tests.oracle.clues import clues
from tests.oracle.deliveries import Row
from tests.oracle.screening import screened
from tests.oracle.standing import raised
from tests.oracle.test_clauses import HOME, REGISTERED, Inbox, again, delivered
from tests.oracle.three_valued import CLEAR, NOT_APPLICABLE, RAISED, UNKNOWN

OTHER = "34130211420100000002"
ELSEWHERE = "34130211420100000003"
ONE = f"{1:018d}"
APPLIED: Row = {
    "申请编号": "A",
    "更新日期": "2021-10-18",
    "户编号": HOME,
    "申请方式": "咨询服务平台",
    "申请日期": "2021-10-18",
    "结果录入日期": "",
    "处理结果": "",
}
VISIT: Row = {
    "走访日期": "2021-10-19",
    "户编号": HOME,
    "是否发现风险": "否",
    "发现风险类型": "",
    "饮水是否安全": "是",
    "住房是否安全": "是",
}
PETITION: Row = {
    "线索编号": "X",
    "更新日期": "2021-10-19",
    "收到日期": "2021-10-18",
    "户编号": HOME,
    "反映事项类别": "其他",
    "办理状态": "待核",
}


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    """A lifted-out household of two, registered from 15 October 2021 on, with all lists and no answer."""
    made = delivered(tmp_path)
    made.add("verdicts", "核查_341302_202109.csv", "2021-10-05", [], "户编号", "核查结果", "核查日期")
    return made


def signals(made: Inbox) -> list[tuple[str, str]]:
    return [(signal.household, signal.cause) for signal in screened(made.county())]


@pytest.mark.parametrize(
    ("feed", "row", "causes"),
    [
        ("medical_insurance", {"证件号码": ONE, "合规自付费用": "5000.00"}, ["因病"]),
        ("medical_insurance", {"证件号码": ONE, "合规自付费用": "4999.99"}, []),
        ("medical_insurance", {"证件号码": ONE, "合规自付费用": "0", "当月门诊慢特病自付": "500"}, ["因病"]),
        ("medical_insurance", {"证件号码": ONE, "合规自付费用": "0", "当月门诊慢特病自付": "499.99"}, []),
        ("education", {"就学状态": "辍学", "学段": "初中", "学年自付费用": ""}, ["义务教育"]),
        ("education", {"就学状态": "在校", "学段": "中职", "学年自付费用": "10000"}, []),
        ("education", {"就学状态": "在校", "学段": "中职", "学年自付费用": "10000.01"}, ["因学"]),
        ("education", {"就学状态": "在校", "学段": "高职", "学年自付费用": "20000"}, []),
        ("health", {"是否新增": "是", "是否大病重病": "是"}, ["因病"]),
        ("health", {"是否新增": "否", "是否大病重病": "是"}, []),
        ("health", {"是否新增": "否", "是否大病重病": "否"}, []),
        ("civil_affairs", {"状态": "新增", "停发原因": ""}, ["新增救助"]),
        ("civil_affairs", {"状态": "停发", "停发原因": "收入超标"}, ["停发救助"]),
        ("civil_affairs", {"状态": "停发", "停发原因": ""}, ["停发救助"]),
        ("civil_affairs", {"状态": "停发", "停发原因": "死亡"}, []),
        ("disabled", {"证件号码（残疾人证）": ONE + "42", "是否新发证": "是", "残疾等级": "2"}, ["因残"]),
        ("disabled", {"证件号码（残疾人证）": ONE + "43", "是否新发证": "是", "残疾等级": "3"}, []),
        ("housing", {"住房等级": "C", "新增损坏": "无"}, ["住房安全"]),
        ("housing", {"住房等级": "B", "新增损坏": "洪涝"}, ["住房安全"]),
        ("housing", {"住房等级": "B", "新增损坏": "年久失修"}, []),
        ("water", {"饮水是否安全": "否"}, ["饮水安全"]),
        ("hrss_employment", {"就业状态": "失业", "是否失业登记": "是", "欠薪金额": ""}, ["因务工就业不稳"]),
        ("hrss_employment", {"就业状态": "返乡待业", "是否失业登记": "否", "欠薪金额": ""}, []),
        ("hrss_employment", {"就业状态": "在岗", "是否失业登记": "否", "欠薪金额": "0.01"}, ["因务工就业不稳"]),
        ("small_loans", {"借款人证件号码": ONE, "逾期天数": "91"}, ["逾期"]),
        ("small_loans", {"借款人证件号码": ONE, "逾期天数": "90"}, []),
        ("police_events", {"事件类别": "死亡", "是否主要劳动力": "是", "事故伤情": ""}, ["因意外事故"]),
        ("police_events", {"事件类别": "死亡", "是否主要劳动力": "否", "事故伤情": ""}, []),
        ("police_events", {"事件类别": "交通事故", "是否主要劳动力": "", "事故伤情": "重伤"}, ["因意外事故"]),
        ("police_events", {"事件类别": "交通事故", "是否主要劳动力": "", "事故伤情": "轻伤"}, []),
        ("emergency_losses", {"房屋受损": "倒塌", "直接经济损失": ""}, ["因自然灾害"]),
        ("emergency_losses", {"房屋受损": "一般损坏", "直接经济损失": "0"}, []),
        ("emergency_losses", {"房屋受损": "无", "直接经济损失": "1"}, ["因自然灾害"]),
        ("market_supervision", {"登记状态": "注销"}, ["因产业失败"]),
        ("market_supervision", {"登记状态": "存续"}, []),
    ],
)
def test_what_a_department_has_to_say(inbox: Inbox, feed: str, row: Row, causes: list[str]) -> None:
    inbox.add(feed, "清单_341302_202110.csv", "2021-11-05", [{"户编号": HOME, "证件号码": ONE, **row}])
    assert signals(inbox) == [(HOME, cause) for cause in causes]


@pytest.mark.parametrize(
    ("kind", "paid", "found"), [("脱贫户", "5000", 1), ("一般农户", "19999", 0), ("一般农户", "20000", 1)]
)
def test_the_type_in_the_register_decides_which_figure(inbox: Inbox, kind: str, paid: str, found: int) -> None:
    again(inbox, "household_register", REGISTERED, 户类型=kind)
    row = {"截止月份": "2021-10", "证件号码": ONE, "合规自付费用": paid}
    inbox.add("medical_insurance", "清单_341302_202110.csv", "2021-11-05", [row])
    assert len(signals(inbox)) == found


@pytest.mark.parametrize(
    ("row", "homes"),
    [
        ({"证件号码": ONE, "户编号": OTHER}, [HOME]),
        ({"证件号码": f"{9:018d}", "户编号": OTHER}, [OTHER]),
        ({"证件号码": f"{9:018d}", "户编号": ELSEWHERE}, []),
        ({"证件号码": f"{9:018d}", "户编号": ""}, []),
    ],
    ids=["the register's", "else the one named", "which is not registered", "nobody's"],
)
def test_whose_signal_it_is(inbox: Inbox, row: Row, homes: list[str]) -> None:
    inbox.add(
        "household_register",
        "登记_户_341302_202109.csv",
        "2021-10-15",
        [REGISTERED, {**REGISTERED, "户编号": OTHER}],
    )
    inbox.add("health", "清单_341302_202109.csv", "2021-10-16", [{**row, "是否新增": "是", "是否大病重病": "是"}])
    assert [home for home, _ in signals(inbox)] == homes


def told(made: Inbox) -> list[tuple[str, date, bool]]:
    return [(signal.cause, signal.since, signal.is_pushed) for signal in clues(made.county())]


def test_an_application_told_anew_is_one_clue(inbox: Inbox) -> None:
    inbox.add("self_reports", "申报_341302_20211018.csv", "2021-10-19", [APPLIED])
    again_told = {**APPLIED, "更新日期": "2021-10-21", "处理结果": "受理"}
    inbox.add("self_reports", "申报_341302_20211021.csv", "2021-10-22", [again_told])
    assert told(inbox) == [("平台", date(2021, 10, 19), True)]


def test_the_township_knows_of_its_own_applications_and_visits(inbox: Inbox) -> None:
    inbox.add("self_reports", "申报_341302_20211018.csv", "2021-10-19", [{**APPLIED, "申请方式": "书面申请"}])
    found = [
        {**VISIT, "是否发现风险": "是", "发现风险类型": "因病", "住房是否安全": "否"},
        {**VISIT, "走访日期": "2021-10-20", "是否发现风险": "是"},
        {**VISIT, "走访日期": "2021-10-21", "饮水是否安全": ""},
    ]
    inbox.add("cadre_visits", "走访_341302_20211022.csv", "2021-10-22", found)
    came = date(2021, 10, 22)
    assert told(inbox) == [
        ("申报", date(2021, 10, 19), False),
        ("因病", came, False),
        ("住房安全", came, False),
        ("走访", came, False),
    ]


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({}, "信访"),
        ({"反映事项类别": "就业欠薪"}, "因务工就业不稳"),
        ({"办理状态": "已办结"}, None),
        ({"办理状态": "不属实"}, None),
    ],
)
def test_a_petition_speaks_while_it_is_open(inbox: Inbox, changes: Row, cause: str | None) -> None:
    inbox.add("petitions_hotline", "信访_341300_20211020.csv", "2021-10-20", [{**PETITION, **changes}])
    assert told(inbox) == ([(cause, date(2021, 10, 20), True)] if cause else [])


def test_an_audit_is_pushed_down(inbox: Inbox) -> None:
    audit = {"户编号": HOME, "复核日期": "2021-10-12", "是否存在风险": "是", "风险类型": "收入骤减"}
    inbox.add("concentrated_checks", "随机复核样本_341302_2021.csv", "2021-10-20", [audit])
    assert told(inbox) == [("复核", date(2021, 10, 20), True)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {("R03", date(2021, 10, 15))}),
        ({"饮水安全保障": "否"}, {("R03", date(2021, 10, 15)), ("R07", date(2021, 10, 15))}),
        ({"工资性收入": "12000.00"}, set()),
    ],
)
def test_a_month_that_was_raised_speaks(inbox: Inbox, changes: Row, expected: set[tuple[str, date]]) -> None:
    again(inbox, "household_register", REGISTERED, **changes)
    found = raised(inbox.county(), date(2021, 11, 30))
    by_rule = {(signal.cause, signal.since) for signal in found}
    assert by_rule == expected | {(rule, date(2021, 11, 1)) for rule, _ in expected}


def clue(made: Inbox, *days: str) -> Inbox:
    """Losses told of on these days: pushed on the day on which each came."""
    for number, came in enumerate(days):
        row = {"户编号": HOME, "房屋受损": "无", "直接经济损失": str(number + 1)}
        made.add("emergency_losses", f"损失{number}_341302_202009.csv", came, [row])
    return made


def verified(made: Inbox, *days: str, result: str = "无风险", came: str = "2021-12-30") -> Inbox:
    rows = [{"户编号": HOME, "核查结果": result, "核查日期": on} for on in days]
    made.add("verdicts", "核查_341302_202110.csv", came, rows)
    return made


def losses(made: Inbox, today: date) -> list[str]:
    """The answers to the leads on losses alone, the oldest first."""
    county = made.county()
    found = [lead for lead in leads.leads(county, today) if lead.signals[0].cause == "因自然灾害"]
    on = leads.answers(county, today)[HOME]
    return [leads.answer(lead, on, today) for lead in sorted(found, key=lambda lead: lead.signals[0].since)]


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("2021-10-18", CLEAR),
        ("2021-11-01", CLEAR),
        ("2021-11-02", RAISED),
        ("2021-10-17", RAISED),
        ("2021-12-01", RAISED),
    ],
    ids=["the same day", "ten working days", "eleven", "before anybody asked", "late"],
)
def test_verified_within_ten_working_days(inbox: Inbox, on: str, said: str) -> None:
    assert losses(verified(clue(inbox, "2021-10-18"), on), date(2021, 12, 31)) == [said]


@pytest.mark.parametrize(("today", "said"), [(date(2021, 11, 1), CLEAR), (date(2021, 11, 2), RAISED)])
def test_a_lead_that_still_has_time_is_clear(inbox: Inbox, today: date, said: str) -> None:
    assert losses(clue(inbox, "2021-10-18"), today) == [said]


def test_a_row_without_a_result_is_no_answer(inbox: Inbox) -> None:
    assert losses(verified(clue(inbox, "2021-10-18"), "2021-10-20", result=""), date(2021, 12, 31)) == [RAISED]


def test_any_answer_of_the_township_about_the_household_counts(inbox: Inbox) -> None:
    decided = {**APPLIED, "结果录入日期": "2021-10-20", "处理结果": "未纳入监测"}
    inbox.add("self_reports", "申报_341302_20211020.csv", "2021-10-21", [decided])
    assert losses(clue(inbox, "2021-10-18"), date(2021, 12, 31)) == [CLEAR]
    inbox.add("self_reports", "申报_341302_20211020.csv", "2021-10-21", [{**decided, "处理结果": "撤回"}])
    assert losses(inbox, date(2021, 12, 31)) == [RAISED]


def test_what_is_not_known_yet_is_no_answer(inbox: Inbox) -> None:
    late = verified(clue(inbox, "2021-10-18"), "2021-10-20", came="2021-12-01")
    assert losses(late, date(2021, 11, 30)) == [RAISED]
    assert losses(late, date(2021, 12, 1)) == [CLEAR]


@pytest.fixture
def registered_early(inbox: Inbox) -> Inbox:
    """The household stood in the register of the year before as well."""
    inbox.add("household_register", "登记_户_341302_202012.csv", "2021-01-15", [REGISTERED])
    return inbox


@pytest.mark.parametrize(
    ("second", "count"), [("2021-06-09", 1), ("2021-06-10", 2)], ids=["a hundred days", "a hundred and one"]
)
def test_without_a_sign_for_long_the_same_trouble_is_a_new_lead(
    registered_early: Inbox, second: str, count: int
) -> None:
    assert len(losses(clue(registered_early, "2021-03-01", second), date(2021, 12, 31))) == count


@pytest.mark.parametrize(
    ("signs", "on", "said"),
    [
        (["2021-03-01", "2021-06-09"], "2021-06-10", [RAISED]),
        (["2021-03-01", "2021-06-10"], "2021-06-10", [RAISED, CLEAR]),
        (["2021-06-10"], "2021-06-09", [RAISED]),
    ],
    ids=["too late for the one", "in time for the next", "before it"],
)
def test_an_answer_speaks_of_the_lead_that_lives(
    registered_early: Inbox, signs: list[str], on: str, said: list[str]
) -> None:
    assert losses(verified(clue(registered_early, *signs), on), date(2021, 12, 31)) == said


def test_what_the_township_found_itself_is_not_asked(inbox: Inbox) -> None:
    found = {**VISIT, "是否发现风险": "是", "发现风险类型": "因自然灾害"}
    inbox.add("cadre_visits", "走访_341302_20211020.csv", "2021-10-20", [found])
    assert losses(inbox, date(2021, 12, 31)) == [NOT_APPLICABLE]
    # From the day on which a department says the same, it is.
    assert losses(clue(inbox, "2021-10-25"), date(2021, 10, 26)) == [CLEAR]
    assert losses(inbox, date(2021, 12, 31)) == [RAISED]


def test_a_year_whose_working_days_nobody_knows(inbox: Inbox) -> None:
    assert losses(clue(inbox, "2021-10-18"), date(2099, 1, 1)) == [UNKNOWN]
