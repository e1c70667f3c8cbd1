"""What befalls monitored households, and the breaches of the procedure: each stands in the files as the truth says."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from simulation import Simulated, simulate
from simulation.draws import Flags
from simulation.monitoring import Monitored
from simulation.people import County
from simulation.turns import KINDS, STAYED, Turns
from tests.simulation.conftest import ARGUMENTS, Worlds, files_of, rows_of

Rows = list[dict[str, str]]
# Six townships: one county has two, between which a household can move.
PLACES = {"townships": 6, "households_per_township": 1_500}
LADDER = ("民主评议", "村内公示", "乡镇审核", "县级备案", "批准公告", "风险消除标注")
LAST_LIST = "202111"


@pytest.fixture(scope="module")
def world(worlds: Worlds) -> Simulated:
    return worlds(6, **PLACES)


def _all(world: Simulated, feed: str, part: str = "") -> Rows:
    return [row for path in files_of(world, feed, part) for row in rows_of(path)]


def _truth(world: Simulated, name: str) -> Rows:
    with (world.truth.parent / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _defects(world: Simulated, *kinds: str) -> Rows:
    return [d for d in _truth(world, "defects.csv") if d["kind"] in kinds]


def _turned(world: Simulated, *kinds: str) -> Rows:
    """Turns that the last delivered list can know."""
    return [t for t in _truth(world, "turns.csv") if t["kind"] in kinds and t["date"] < "2021-12"]


@pytest.fixture(scope="module")
def listed(world: Simulated) -> dict[str, dict[str, Rows]]:
    """The national list's persons by month and household."""
    months: dict[str, dict[str, Rows]] = defaultdict(lambda: defaultdict(list))
    for path in files_of(world, "national_monitored_export"):
        for row in rows_of(path):
            months[path.stem[-6:]][row["户编号"]].append(row)
    return months


def _month_before(month: str) -> str:
    number = int(month[:4]) * 12 + int(month[4:]) - 2
    return f"{number // 12}{number % 12 + 1:02d}"


def _month_of(turn: dict[str, str]) -> str:
    return turn["date"][:7].replace("-", "")


def test_every_kind_of_turn_befalls_somebody(world: Simulated) -> None:
    assert {t["kind"] for t in _turned(world, *KINDS)} == set(KINDS)


def test_households_that_end_leave_the_list_with_the_registers_word(
    world: Simulated, listed: dict[str, dict[str, Rows]]
) -> None:
    changes = {r["原户编号"]: r for r in _all(world, "household_register", "户籍变动")}
    ended = _turned(world, "died_out", "emigrated", "merged")
    for turn in ended:
        month, number = _month_of(turn), turn["户编号"]
        assert number in listed[_month_before(month)]
        assert number not in listed[month]
        if month <= "202109":  # told by quarter
            wanted = {"died_out": "销户", "emigrated": "销户", "merged": "并户"}[turn["kind"]]
            assert (changes[number]["变动类型"], changes[number]["变动日期"]) == (wanted, turn["date"])
            assert changes[number]["现户编号"] == turn["to"]


def test_the_police_tell_who_died_or_left_with_all_the_household(
    world: Simulated, listed: dict[str, dict[str, Rows]]
) -> None:
    told = {(r["证件号码"], r["事件类别"]): r["发生日期"] for r in _all(world, "police_events")}
    for turn in _turned(world, "died_out", "emigrated"):
        event = "死亡" if turn["kind"] == "died_out" else "迁出"
        for person in listed[_month_before(_month_of(turn))][turn["户编号"]]:
            assert told[person["证件号码"], event] == turn["date"]


def test_moves_splits_and_new_types_show_in_the_list_from_their_month_on(
    world: Simulated, listed: dict[str, dict[str, Rows]]
) -> None:
    turns = _turned(world, "moved", "split", "retyped")
    for turn in turns:
        month = _month_of(turn)
        before, after = (listed[m][turn["户编号"]] for m in (_month_before(month), month))
        if turn["kind"] == "split":
            assert len(after) == len(before) - 1
            # Who leaves takes a head's share of the income, in whole yuan.
            heads = [float(rows[0]["人均纯收入（元）"]) for rows in (before, after)]
            assert heads[1] == pytest.approx(heads[0], abs=10)
            continue
        header = "村编码" if turn["kind"] == "moved" else "监测对象类别"
        assert {r[header] for r in after} == {turn["to"]} != {r[header] for r in before}
        if turn["kind"] == "moved":
            assert before[0]["村编码"][:9] != turn["to"][:9]


def test_a_household_in_which_nobody_can_work_is_cleared_only_where_planted(
    world: Simulated, listed: dict[str, dict[str, Rows]]
) -> None:
    cleared = {
        number
        for number, persons in listed[LAST_LIST].items()
        if persons[0]["风险是否已消除"] == "是" and all(p["劳动技能"] in {"丧失劳动力", "无劳动力"} for p in persons)
    }
    planted = {d["household"]: d for d in _defects(world, "cleared_without_labour")}
    assert cleared
    assert cleared == {number for number, d in planted.items() if d["date"] < "2021-12"}
    for number in cleared:
        month = listed[LAST_LIST][number][0]["消除监测时间"]
        assert month == planted[number]["date"][:7].replace("-", "")


def test_every_elimination_climbs_its_ladder_but_where_planted(world: Simulated) -> None:
    steps: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for row in _all(world, "procedure_events"):
        if row["程序类别"] == "风险消除":
            steps[row["案件编号"]][row["程序步骤"]] = row
    planted = {d["code"]: d for d in _truth(world, "defects.csv") if d["kind"].startswith("elimination_")}
    finished = {case: taken for case, taken in steps.items() if LADDER[-1] in taken}
    broken = set()
    for case, taken in finished.items():
        missing = [step for step in LADDER if step not in taken]
        days = [taken[step]["办理日期"] for step in LADDER if step in taken]
        public = taken.get("村内公示", {"结束日期": "2021-01-30", "办理日期": "2021-01-01"})
        short = np.datetime64(public["结束日期"]) - np.datetime64(public["办理日期"]) < np.timedelta64(5, "D")
        if missing or days != sorted(days) or short:
            broken.add(case)
    assert broken
    assert broken == planted.keys() & finished.keys()


def test_forms_filled_in_by_another_bear_a_print_and_a_word_but_where_planted(world: Simulated) -> None:
    filled = [r for r in _all(world, "self_reports") if r["代填人身份"]]
    wrong = {r["申请编号"] for r in filled if (r["是否按手印"], r["是否告知农户"]) != ("是", "是")}
    assert wrong
    assert wrong == {d["code"] for d in _defects(world, "form_by_agent")} & {r["申请编号"] for r in filled}


def test_the_departments_of_each_county_meet_once_a_quarter_and_settle_something_but_where_planted(
    world: Simulated,
) -> None:
    met = {
        (r["地区代码"], np.datetime64(r["会商日期"], "M").astype(int) // 3): int(r["议定事项数"])
        for r in _all(world, "consultations")
        if r["会商层级"] == "部门"
    }
    quarters = range((2020 - 1970) * 4 + 3, (2021 - 1970) * 4 + 3)  # whose last month's file has come
    counties = {f"{p.stem.split('_')[1]}".ljust(12, "0") for p in files_of(world, "hrss_employment")}
    unkept = {(c, q) for c in counties for q in quarters if not met.get((c, q))}
    planted = {
        (d["code"], (int(d["date"][:4]) - 1970) * 4 + (int(d["date"][4:]) - 1) // 3)
        for d in _defects(world, "departments_not_met", "departments_undecided")
    }
    assert met
    assert unkept == {p for p in planted if p[1] in quarters}
    assert len(unkept) < len(counties) * len(quarters) / 2


def test_turns_change_nothing_of_other_households(
    world: Simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stayed(seed: int, county: County, before: Monitored, months: range, free: Flags) -> Turns:
        none = np.full(len(before.household), STAYED)
        return Turns(before, none, none, none)

    monkeypatch.setattr("simulation.story.turn", stayed)
    without = simulate(tmp_path / "out", seed=6, **{**ARGUMENTS, **PLACES})
    touched = {h for t in _truth(world, "turns.csv") for h in (t["户编号"], t["to"])}
    for feed in ("cadre_visits", "helpers", "procedure_events", "self_reports", "national_monitored_export"):
        first, second = (
            sorted(tuple(r.values()) for r in _all(w, feed) if r["户编号"] not in touched) for w in (world, without)
        )
        assert first
        assert first == second, feed
