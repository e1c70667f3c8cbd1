"""The oracle's own clause tables: small hand-made files, and what each clause says of them."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.oracle import procedure, who
from tests.oracle.compared import COMPARED, ORACLE
from tests.oracle.county import County
from tests.oracle.deliveries import Row, day, month
from tests.oracle.households import GUARANTEES, HouseholdOnDay
from tests.oracle.three_valued import CLEAR, NOT_APPLICABLE, RAISED, UNKNOWN, all_of, any_of

BEIJING = timezone(timedelta(hours=8))
KNOWN_AT = datetime(2022, 1, 1, tzinfo=BEIJING)
TODAY = date(2021, 10, 31)
HOME = "34130211420100000001"
INCOMES = dict.fromkeys(
    ("粮食种植收入", "林果业收入", "生猪养殖收入", "其他经营收入", "财产性收入", "转移性收入"), "0.00"
)
REGISTERED: Row = {
    "户编号": HOME,
    "户类型": "脱贫户",
    "家庭人口数": "2",
    "收入截止月": "2021-09",
    "工资性收入": "11999.99",
    **INCOMES,
    "生产经营性支出": "0.00",
    **dict.fromkeys(GUARANTEES, "是"),
}
MONITORED: Row = {
    "户编号": HOME,
    "监测对象类别": "脱贫不稳定户",
    **{f"致贫/返贫风险{n}": "" for n in range(2, 6)},
    "致贫/返贫风险1": "因病",
    "识别监测时间": "202101",
    "风险是否已消除": "",
}
RUN: Row = {"部门": "教育", "县区代码": "341302", "筛查时间": "2021-09-09", "预警条数": "0"}


def person(number: int, skill: str = "普通劳动力", relation: str = "", home: str = HOME) -> Row:
    return {
        "户编号": home,
        "证件号码": f"{number:018d}",
        "与户主关系": relation or ("户主" if number == 1 else "配偶"),
        "劳动技能": skill,
        "人员状态": "正常",
    }


class Inbox:
    """An inbox in the making: one file a call, in the order in which they came."""

    def __init__(self, root: Path) -> None:
        self.root, self._arrivals = root, [("file", "received_at")]

    def add(self, feed: str, name: str, received: str, rows: list[Row], *heads: str) -> None:
        (self.root / feed).mkdir(parents=True, exist_ok=True)
        with (self.root / feed / name).open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]) if rows else heads)
            writer.writeheader()
            writer.writerows(rows)
        self._arrivals.append((f"{feed}/{name}", f"{received}T09:00:00+08:00"))

    def county(self) -> County:
        with (self.root / "arrivals.csv").open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(self._arrivals)
        return County(self.root, "341302", KNOWN_AT)

    def household(self, today: date = TODAY) -> HouseholdOnDay:
        county = self.county()
        edition = county.register.in_force(today)
        assert edition is not None
        return HouseholdOnDay(county, today, edition, county.by(county.register, edition, "户编号")[HOME][0])


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    """See `delivered`."""
    return delivered(tmp_path)


def delivered(root: Path) -> Inbox:
    """A lifted-out household of two, one fen under the line, monitored for an illness; all lists have come."""
    made = Inbox(root)
    made.add("household_register", "登记_户_341302_202109.csv", "2021-10-15", [REGISTERED])
    made.add("household_register", "登记_人_341302_202109.csv", "2021-10-15", [person(1), person(2)])
    made.add("national_monitored_export", "监测_341302_202109.csv", "2021-10-05", [MONITORED])
    made.add("medical_insurance", "医保_341302_202109.csv", "2021-10-05", [], "证件号码", "合规自付费用", "截止月份")
    made.add("hrss_employment", "务工_341302_202109.csv", "2021-10-05", [], "证件号码", "就业状态", "统计月份")
    return made


def again(made: Inbox, feed: str, row: Row, **changes: str) -> Inbox:
    """The same file sent once more, with one row changed."""
    names = {"household_register": "登记_户", "national_monitored_export": "监测"}
    made.add(feed, f"{names[feed]}_341302_202109.csv", "2021-10-20", [{**row, **changes}])
    return made


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"工资性收入": "11999.99"}, RAISED),
        ({"工资性收入": "12000.00"}, CLEAR),
        ({"工资性收入": "12000.00", "生产经营性支出": "0.01"}, RAISED),
        ({"工资性收入": ""}, UNKNOWN),
        ({"户类型": "一般农户"}, NOT_APPLICABLE),
    ],
    ids=["a fen below", "on the line", "costs count", "a component is missing", "not lifted out"],
)
def test_r03_below_the_line_at_risk(inbox: Inbox, changes: Row, said: str) -> None:
    assert who.r03(again(inbox, "household_register", REGISTERED, **changes).household()) == said


def test_r03_at_no_risk_is_clear(inbox: Inbox) -> None:
    inbox.add("medical_insurance", "医保_341302_202012.csv", "2021-01-05", [], "证件号码", "合规自付费用", "截止月份")
    inbox.add("medical_insurance", "医保_341302_202009.csv", "2020-10-05", [], "证件号码", "合规自付费用", "截止月份")
    assert who.r03(again(inbox, "national_monitored_export", MONITORED, 风险是否已消除="是").household()) == CLEAR


def test_the_line_holds_for_its_year_only(inbox: Inbox) -> None:
    made = inbox.household()
    assert who.r09(made) == RAISED
    made.today = date(2022, 1, 1)
    assert who.r09(made) == UNKNOWN


def test_nothing_is_used_before_it_came(inbox: Inbox) -> None:
    county = inbox.county()
    assert [county.register.in_force(date(2021, 10, n)) for n in (14, 15)] == [None, month("202109")]


@pytest.mark.parametrize(
    ("text", "said"), [("是", CLEAR), ("否", RAISED), ("", UNKNOWN)], ids=["met", "not met", "not told"]
)
def test_r07_a_guarantee_that_is_not_met_speaks(inbox: Inbox, text: str, said: str) -> None:
    assert who.r07(again(inbox, "household_register", REGISTERED, 饮水安全保障=text).household()) == said


@pytest.mark.parametrize(
    ("persons", "said"),
    [
        ([person(1), person(2)], CLEAR),
        ([person(2), person(3)], RAISED),
        ([person(1), person(2, relation="户主")], RAISED),
        ([person(1), person(2), person(2, home="34130211420100000002")], RAISED),
        ([person(3, home="34130211420100000002")], UNKNOWN),
    ],
    ids=["one head", "no head", "two heads", "counted to two households", "nobody listed"],
)
def test_r01_one_head_and_one_household(inbox: Inbox, persons: list[Row], said: str) -> None:
    inbox.add("household_register", "登记_人_341302_202109.csv", "2021-10-20", persons)
    assert who.r01(inbox.household()) == said


@pytest.mark.parametrize(
    ("text", "said"), [("边缘易致贫户", CLEAR), ("", RAISED), ("其他", RAISED)], ids=["a type", "none", "another"]
)
def test_r02_three_types_and_no_other(inbox: Inbox, text: str, said: str) -> None:
    assert who.r02(again(inbox, "national_monitored_export", MONITORED, 监测对象类别=text).household()) == said


@pytest.mark.parametrize(
    ("form", "received", "accepted", "said"),
    [
        ("手机APP", "2021-09-01", "2021-09-10", CLEAR),
        ("手机APP", "2021-09-01", "2021-09-13", RAISED),
        ("咨询服务平台", "2021-09-30", "2021-10-15", CLEAR),
        ("咨询服务平台", "2021-09-30", "2021-10-18", RAISED),
        ("手机APP", "2021-09-01", "", RAISED),
        ("手机APP", "", "2021-09-03", UNKNOWN),
        ("手机APP", "2099-09-01", "2099-09-03", UNKNOWN),
        ("书面申请", "2021-09-01", "2021-12-13", NOT_APPLICABLE),
    ],
    ids=["seven days", "eight", "over the holidays", "a day more", "never", "no clock", "no calendar", "on paper"],
)
def test_r39_seven_working_days(form: str, received: str, accepted: str, said: str) -> None:
    row = {"申请方式": form, "乡镇收到日期": received, "受理日期": accepted, "处理结果": "受理" if accepted else ""}
    assert procedure.acceptance(row, TODAY) == said


def test_r33_a_run_without_warnings_is_a_run(inbox: Inbox) -> None:
    inbox.add("screening_runs", "筛查_341300_202109.csv", "2021-10-10", [RUN])
    county = inbox.county()
    told = procedure.screenings(county, TODAY)
    assert (told["教育"], told["医保"]) == (CLEAR, RAISED)
    assert set(procedure.r33(county, date(2021, 10, 9))) == {UNKNOWN}  # the quarter's list has not come yet


def test_what_is_not_known_stays_unknown() -> None:
    assert [any_of([None, True]), any_of([None, False]), any_of([])] == [True, None, False]
    assert [all_of([None, False]), all_of([None, True]), all_of([])] == [False, None, True]
    assert [day("2021-07-02"), day("")] == [date(2021, 7, 2), None]


def test_every_compared_rule_has_an_oracle() -> None:
    assert set(COMPARED) <= set(ORACLE)
