"""The offices' files tell one story: who dies leaves, who is included went through the steps, money adds up."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

import pytest

from simulation import Simulated
from tests.simulation.conftest import Worlds, files_of, rows_of

Rows = list[dict[str, str]]
MONTHS = {"first_month": "2020-11", "last_month": "2021-12", "households_per_township": 1_500}


@pytest.fixture(scope="module")
def world(worlds: Worlds) -> Simulated:
    return worlds(7, shock_kind="hazard", **MONTHS)


def _all(world: Simulated, feed: str, part: str = "") -> Rows:
    return [row for path in files_of(world, feed, part) for row in rows_of(path)]


def _truth(world: Simulated, name: str) -> Rows:
    with (world.truth.parent / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def steps(world: Simulated) -> dict[str, dict[str, dict[str, str]]]:
    """By case the rows of its steps."""
    found: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for row in _all(world, "procedure_events"):
        found[row["案件编号"]][row["程序步骤"]] = row
    return found


def test_who_died_or_moved_is_not_in_the_next_register(world: Simulated) -> None:
    newest = {r["证件号码"] for r in _all(world, "household_register", "_人_") if r["人员状态"]}
    last = {
        r["证件号码"] for p in files_of(world, "household_register", "_人_") if "202109" in p.name for r in rows_of(p)
    }
    gone = {r["证件号码"]: r["发生日期"] for r in _all(world, "police_events") if r["事件类别"] in {"死亡", "迁出"}}
    assert gone.keys() <= newest
    before = {person for person, day in gone.items() if day <= "2021-09-30"}
    assert before
    assert not before & last
    assert {person for person, day in gone.items() if day > "2021-09-30"} <= last


def test_the_next_register_follows_splits_and_merges(world: Simulated) -> None:
    editions = [
        {r["户编号"] for p in files_of(world, "household_register", "_户_") if month in p.name for r in rows_of(p)}
        for month in ("202009", "202109")
    ]
    told = [r for r in _all(world, "household_register", "户籍变动") if r["变动日期"] <= "2021-09-30"]
    assert told
    new = {r["现户编号"] for r in told if r["变动类型"] == "拆户"}
    left = {r["原户编号"] for r in told if r["变动类型"] in {"并户", "销户"}}
    assert editions[1] - editions[0] == new
    assert editions[0] - editions[1] == left


def test_parts_of_incomes_stay_within_their_sums(world: Simulated) -> None:
    parts = {
        "工资性收入": ("县内务工", "省内县外务工", "省外务工", "公益岗位"),
        "财产性收入": ("产业项目分红", "土地流转"),
    }
    for row in _all(world, "household_register", "_户_"):
        wage = sum(Decimal(row[f"其中：{p}收入"]) for p in parts["工资性收入"])
        assert wage == Decimal(row["工资性收入"])
        assert Decimal(row["其中：产业项目分红"]) + Decimal(row["其中：土地流转收入"]) <= Decimal(row["财产性收入"])
        assert Decimal(row["其中：养老金"]) + Decimal(row["其中：低保金"]) <= Decimal(row["转移性收入"])


def test_every_inclusion_ran_through_the_steps_but_for_the_planted_defects(
    world: Simulated, steps: dict[str, dict[str, dict[str, str]]]
) -> None:
    order = (
        "农户申请",
        "乡镇受理",
        "小组评议",
        "数据比对",
        "村级核实",
        "村级评议",
        "村内公示",
        "乡镇审核",
        "县级备案",
        "公告",
        "系统标注",
    )
    planted = {d["code"]: d for d in _truth(world, "defects.csv") if d["feed"] == "procedure_events"}
    labelled = {case: rows for case, rows in steps.items() if "系统标注" in rows}
    monitored = {r["户编号"]: r for r in _all(world, "national_monitored_export", "202111")}
    assert labelled
    for case, rows in labelled.items():
        kind = planted.get(case, {}).get("kind")
        missing = [s for s in order if s not in rows]
        assert missing == ([planted[case]["detail"]] if kind == "step_skipped" else []), case
        days = [rows[s]["办理日期"] for s in order if s in rows]
        assert (days == sorted(days)) == (kind != "order_broken"), case
        public = rows["村内公示"]
        length = date.fromisoformat(public["结束日期"]) - date.fromisoformat(public["办理日期"])
        assert (length.days >= 5) == (kind != "publicity_short"), case
        household = rows["系统标注"]["户编号"]
        if rows["系统标注"]["办理日期"] < "2021-12":
            assert monitored[household]["识别监测时间"] == rows["系统标注"]["办理日期"][:7].replace("-", "")


def test_every_elimination_in_the_national_export_has_its_procedure(
    world: Simulated, steps: dict[str, dict[str, dict[str, str]]]
) -> None:
    cleared = {r["风险消除标注"]["户编号"] for r in steps.values() if "风险消除标注" in r}
    listed = {
        r["户编号"]
        for r in _all(world, "national_monitored_export", "202111")
        if r["风险是否已消除"] == "是" and r["消除监测时间"] >= "202011"
    }
    assert listed
    assert listed <= cleared


def test_no_assets_are_compared_without_an_authorisation_but_where_planted(world: Simulated) -> None:
    signed = {r["户编号"]: r["授权日期"] for r in _all(world, "self_reports") if r["是否授权查询"] == "是"}
    asked = _all(world, "comparison_results")
    planted = {d["household"] for d in _truth(world, "defects.csv") if d["kind"] == "compared_unauthorised"}
    breach = {r["户编号"] for r in asked if signed.get(r["户编号"], "9999") > r["发起日期"]}
    assert breach == planted & {r["户编号"] for r in asked}
    assert breach
    assert {r["户编号"] for r in asked} - planted
    by_request = Counter((r["比对申请编号"], r["比对部门"]) for r in asked)
    assert len({department for _, department in by_request}) == 6


def test_an_illness_of_the_story_is_in_the_health_list(world: Simulated) -> None:
    ill = {r["户编号"] for r in _truth(world, "households.csv") if r["reason"] == "因病自付医疗费用较高"}
    sick = {r["户编号"] for r in _all(world, "health", "202111") if r["是否大病重病"] == "是"}
    new = {r["户编号"] for r in _truth(world, "households.csv") if r["since"] == "202112"}
    assert ill
    assert ill - new <= sick


def test_the_two_systems_differ_only_where_planted(world: Simulated) -> None:
    national = {r["户编号"]: r for r in _all(world, "national_monitored_export", "202111")}
    province = {r["户编号"]: r for r in _all(world, "provincial_platform_export", "202111")}
    differ = {
        h
        for h in national.keys() | province.keys()
        if h not in province
        or province[h]["监测对象类别"] != national[h]["监测对象类别"]
        or (province[h]["风险是否已消除"] == "是") != (national[h]["风险是否已消除"] == "是")
    }
    defects = _truth(world, "defects.csv")
    planted = {d["household"] for d in defects if d["feed"] == "provincial_platform_export" and d["date"] <= "202111"}
    assert differ == planted


def test_fund_balances_balance_and_run_on(world: Simulated) -> None:
    before: dict[str, Decimal] = {}
    spent = 0
    for path in files_of(world, "funds", "余额"):
        for row in rows_of(path):
            opening, raised, paid, closing = (Decimal(row[h]) for h in ("期初余额", "本期筹集", "本期支出", "期末余额"))
            assert opening + raised - paid == closing >= 0
            assert before.get(row["基金编码"], opening) == opening
            before[row["基金编码"]] = closing
            spent += paid
    paid_out = [r for r in _all(world, "funds", "支付") if r["资金类别"] in {"县级救助基金", "乡级救助基金"}]
    assert sum(Decimal(r["支付金额"]) for r in paid_out) == spent > 0


def test_screenings_are_told_for_each_quarter_but_for_the_planted_gaps(world: Simulated) -> None:
    told = {(r["部门"], r["县区代码"], r["筛查季度"]) for r in _all(world, "screening_runs", "筛查运行")}
    missed = {
        (d["code"], d["household"], d["detail"])
        for d in _truth(world, "defects.csv")
        if d["kind"] == "screening_missed"
    }
    departments, counties, quarters = ({x[i] for x in told | missed} for i in range(3))
    assert not told & missed
    assert len(told | missed) == len(departments) * len(counties) * len(quarters)


def test_losses_by_household_are_of_the_disasters_and_are_restated(world: Simulated) -> None:
    known = {d["event_code"] for d in _truth(world, "disasters.csv")}
    rows = _all(world, "emergency_losses")
    assert rows
    assert {r["灾情编号"] for r in rows} <= known
    first = {(r["灾情编号"], r["户编号"]): float(r["直接经济损失"]) for r in rows if r["报告阶段"] == "初报"}
    verified = [r for r in rows if r["报告阶段"] == "核报"]
    assert verified
    assert all(float(r["直接经济损失"]) <= first[r["灾情编号"], r["户编号"]] for r in verified)


def test_audits_tell_the_truth_of_unflagged_households(world: Simulated) -> None:
    truth = {(r["户编号"], r["排查年度"]): r["是否存在风险"] for r in _truth(world, "audits.csv")}
    rows = _all(world, "concentrated_checks", "复核")
    assert rows
    assert {(r["户编号"], r["排查年度"]): r["是否存在风险"] for r in rows} == truth
    listed = {r["户编号"] for r in _all(world, "national_monitored_export", "202110")}
    assert not {r["户编号"] for r in rows} & listed


def test_monitored_households_have_their_helpers(world: Simulated) -> None:
    helped, handed_over = defaultdict(list), set()
    for row in _all(world, "helpers", "202111"):
        if not row["结束日期"]:
            helped[row["户编号"]].append(row["安排层级"])
        elif row["结束日期"] > "2021-11-15":
            handed_over.add(row["户编号"])
    defects = {d["household"] for d in _truth(world, "defects.csv") if d["feed"] == "helpers"}
    open_ones = {
        r["户编号"]
        for r in _all(world, "national_monitored_export", "202110")
        if r["风险是否已消除"] != "是" and r["识别监测时间"] <= "202109"
    }
    late = {h for h in open_ones if not helped[h]}
    assert late <= defects | handed_over
    assert all(1 <= len(helped[h]) <= 2 for h in open_ones - late)
    assert {h for h in open_ones - late if "县级" not in helped[h]} <= defects | late


def test_the_line_is_blank_where_no_official_one_is_known(world: Simulated) -> None:
    lines = {r["年度"]: r["监测线（元/人·年）"] for r in _all(world, "line_dossier")}
    assert lines == {"2020": "", "2021": "6000"}
