"""A world with a plan: many shocks, each with an end, losses that come about by month, and files that come late."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proof import assumptions as p
from proof.schedule import ONE_OPERATOR, plan_of, size_class
from simulation import Simulated, simulate
from simulation.effects import Delay, Effects
from simulation.impact import Impact
from simulation.months import at, day_number, parse_month
from simulation.operators import FINE, carry
from simulation.portfolios import Portfolio
from simulation.prices import hog_and_maize, weeks_between
from simulation.regions import choose_townships
from simulation.shocks import Shock
from simulation.story import World, tell
from simulation.truth import crossing_truth
from tests.simulation.conftest import rows_of

SEED = 11
TOWNS = choose_townships(SEED, 10)
MONTHS = range(parse_month("2019-01"), parse_month("2021-12") + 1)


def _shock(kind: str, onset: date, until: date, size: float = 0.4, **more: Any) -> Shock:
    return Shock(kind, None, None, "341321000000", tuple(t.code for t in TOWNS), onset, size, until, **more)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    return simulate(
        tmp_path_factory.mktemp("planned") / "out",
        townships=10,
        seed=SEED,
        first_month="2019-01",
        last_month="2021-12",
        households_per_township=150,
        plan=lambda towns, months: plan_of(SEED, towns, months),
    )


def _truth(world: Simulated, name: str) -> list[dict[str, str]]:
    with (world.truth.parent / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_plan_is_the_seeds_and_holds_every_kind() -> None:
    plan = plan_of(SEED, TOWNS, MONTHS)
    assert plan == plan_of(SEED, TOWNS, MONTHS)
    assert plan != plan_of(SEED + 1, TOWNS, MONTHS)
    assert {s.kind for s in plan.shocks} == set(p.RULE_OF)
    assert [s.number for s in plan.shocks] == list(range(len(plan.shocks)))
    assert all(s.until is not None and s.until > s.onset for s in plan.shocks)
    assert 0 < len(plan.late_shocks) < len(plan.shocks)


def test_a_township_suffers_a_kind_once() -> None:
    kinds = ("site", "settlement", "project", "link")
    counts = Counter((s.kind, s.region_code) for s in plan_of(SEED, TOWNS, MONTHS).shocks if s.kind in kinds)
    assert max(counts.values()) == 1


def test_all_worlds_together_hold_two_hundred_shocks_of_every_size() -> None:
    towns = choose_townships(1, p.TOWNSHIPS)
    shocks = [s for seed in range(p.WORLDS) for s in plan_of(seed, towns, MONTHS).shocks]
    assert len(shocks) >= 200
    assert {size_class(s) for s in shocks if s.size} == {"small", "medium", "large"}
    assert any(s.size == 0 for s in shocks)
    assert any(s.reach == 0 for s in shocks)


def test_only_the_feeds_of_the_plan_are_written(planned: Simulated) -> None:
    assert {path.name for path in planned.inbox.iterdir() if path.is_dir()} <= set(p.FEEDS)


def test_households_cross_the_line_after_their_shock_began_and_where_it_struck(planned: Simulated) -> None:
    shocks = {s.number: s for s in planned.shocks}
    crossings = _truth(planned, "crossings.csv")
    assert len(crossings) > 50
    for row in crossings:
        shock = shocks[int(row["shock"])]
        assert date.fromisoformat(row["day"]) >= shock.onset
        assert row["township"][:9] in shock.townships


def test_a_second_shock_takes_of_what_the_first_left() -> None:
    """Two falls of the hog price at once: 40 % and half of the rest; who is below the line crosses it no more."""
    towns = choose_townships(SEED, 5)
    first = _shock("hog_price", date(2020, 4, 1), date(2020, 12, 1), 0.4, number=0)
    second = _shock("hog_price", date(2020, 8, 1), date(2021, 2, 1), 0.5, number=1)
    later = _shock("hog_price", date(2022, 11, 1), date(2023, 2, 1), 0.5, number=2)
    effects = replace(p.EFFECTS, sold_over_months={})
    months = range(parse_month("2019-01"), parse_month("2023-06") + 1)
    world = World(SEED, months, towns, ("341321",), (), (first, second, later), 2_000, effects)
    story = tell(world, "341321")
    one, two, three = story.impacts
    keeps = np.flatnonzero(one.before.hog > 1_000)
    assert len(keeps) > 20
    assert two.before.hog[keeps] == pytest.approx(0.6 * one.before.hog[keeps], abs=2)
    assert two.after.hog[keeps] == pytest.approx(0.3 * one.before.hog[keeps], abs=2)
    assert np.median(three.before.hog[keeps] / one.before.hog[keeps]) > 0.9, "the first two are over and forgotten"
    told = crossing_truth(story)
    fates = list(zip(*(told[k].to_pylist() for k in ("shock", "户编号", "fate")), strict=True))
    crossed = [(shock, home) for shock, home, fate in fates if fate == "crosses"]
    of = {n: {home for shock, home in crossed if int(shock) == n} for n in (0, 1)}
    assert of[0]
    assert of[1], "a second fall pushes others below the line"
    assert not of[0] & of[1]
    stated = [(int(h), int(w)) for i in story.impacts for h, w in zip(i.reported, i.window, strict=True)]
    assert len(stated) == len(set(stated)), "a change file states a household once a month"


def test_who_is_hit_hard_stays_above_the_line_and_loses_three_tenths() -> None:
    """By hand: of a fall of prices by half, whose net income falls by 30 % and more and stays above the line."""
    shock = _shock("hog_price", date(2020, 4, 1), date(2020, 12, 1), 0.5, number=0)
    effects = replace(p.EFFECTS, sold_over_months={})
    towns = choose_townships(SEED, 5)
    story = tell(World(SEED, MONTHS, towns, ("341321",), (), (shock,), 2_000, effects), "341321")
    told = crossing_truth(story)
    one = story.impacts[0]
    after = one.after.net / story.county.size
    hard = {
        h for h, fate in zip(told["户编号"].to_pylist(), told["fate"].to_pylist(), strict=True) if fate == "hard_hit"
    }
    lost = one.before.net - one.after.net
    expected = np.flatnonzero((lost >= 0.3 * one.before.net) & (lost > 0) & (after >= 6_000))
    assert len(expected) > 5
    assert hard == {story.county.number[int(i)].as_py() for i in expected}


def test_settlements_and_warnings_without_a_loss_cost_nobody(planned: Simulated) -> None:
    costly = {int(row["shock"]) for row in _truth(planned, "crossings.csv")}
    for shock in planned.shocks:
        if shock.kind == "settlement" or shock.size == 0:
            assert shock.number not in costly


def test_where_nothing_happens_nobody_is_reached() -> None:
    """The lesser crop of a hazard has a loss of its own, whatever the size of the main one's."""
    empty = [s for seed in range(20) for s in plan_of(seed, TOWNS, MONTHS).shocks if s.kind == "hazard" and not s.size]
    assert {s.hazard_type for s in empty} == {"霜冻", "干旱", "暴雨"}
    for shock in empty[:6]:
        here = replace(shock, region_code="341321000000", townships=tuple(t.code for t in TOWNS), number=0)
        story = tell(World(SEED, MONTHS, TOWNS, ("341321",), (), (here,), 300, p.EFFECTS), "341321")
        assert not story.impacts[0].fall.any()


def test_no_project_or_operator_fails_beside_the_shocks() -> None:
    """A failure that the feeds show and that costs nobody would be a false alarm by construction."""
    for effects, failures in ((p.EFFECTS, False), (Effects(), True)):
        world = World(SEED, MONTHS, TOWNS, ("341321",), (), (), 300, effects)
        carried = carry(world, tell(world, "341321").county)
        assert (carried.fails < FINE).any() == failures
        assert (carried.closes < FINE).any() == failures


def test_a_link_begins_when_its_operator_is_first_listed_as_abnormal(planned: Simulated) -> None:
    """Before it closes; a warning of that time is early, not false."""
    shock = next(s for s in planned.shocks if s.kind == "link" and s.reach)
    files = sorted(planned.inbox.glob("enterprises/*"))
    rows = [r for path in files for r in rows_of(path) if r["乡镇代码"] == shock.region_code]
    told = {date.fromisoformat(r["异常日期"]) for r in rows if r["经营状态"] == "经营异常"}
    assert min(told) == shock.first_sign < shock.onset
    assert all(s.first_sign == s.onset for s in planned.shocks if s.kind != "link")


def test_single_operators_fail_too() -> None:
    single = [s for s in plan_of(SEED, choose_townships(1, p.TOWNSHIPS), MONTHS).shocks if s.size == ONE_OPERATOR]
    assert Counter(s.kind for s in single) == p.SINGLE_FAILURES


def test_the_vulnerable_are_counted_by_township_and_month(planned: Simulated) -> None:
    rows = _truth(planned, "vulnerable.csv")
    assert len(rows) == 10 * 36
    assert all(15 <= int(row["vulnerable_household_count"]) <= 45 for row in rows)


def test_late_files_come_late_and_no_others(planned: Simulated) -> None:
    truth = json.loads(planned.truth.read_text(encoding="utf-8"))
    late = [s for s in truth["shocks"] if s["number"] in truth["late_shocks"]]
    moments = {row["file"]: date.fromisoformat(row["received_at"][:10]) for row in _arrivals(planned)}
    lists = {f: day for f, day in moments.items() if f.startswith("hrss_employment/")}
    lags = {
        f: (day - (date(int(f[-10:-6]), int(f[-6:-4]), 1) + timedelta(days=31)).replace(day=1)).days
        for f, day in lists.items()
    }
    hidden = {s["region_code"][:6] for s in late if s["kind"] in ("employment", "site")}
    assert {f.split("_")[-2] for f, lag in lags.items() if lag > 10} <= hidden
    assert all(lag <= 6 for f, lag in lags.items() if f.split("_")[-2] not in hidden)


def _arrivals(world: Simulated) -> list[dict[str, str]]:
    with world.arrivals.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_jobs_are_lost_until_the_shock_is_over(planned: Simulated) -> None:
    shock = max((s for s in planned.shocks if s.kind == "employment"), key=lambda s: s.size)
    assert shock.until is not None

    def share(month: str) -> float:
        path = next(planned.inbox.glob(f"hrss_employment/*_{shock.region_code[:6]}_{month}.csv"))
        rows = rows_of(path)
        return sum(r["就业状态"] == "在岗" for r in rows) / len(rows)

    during = share(f"{shock.onset:%Y%m}")
    year_before = share(f"{shock.onset.replace(year=shock.onset.year - 1):%Y%m}")
    assert during < year_before - shock.size / 2
    after = date(shock.until.year, shock.until.month, 1)
    if after <= date(2021, 11, 1):
        assert share(f"{after:%Y%m}") > during + shock.size / 3


def test_a_price_falls_and_comes_back() -> None:
    weeks = weeks_between(date(2018, 1, 1), date(2021, 12, 31))
    shock = _shock("hog_price", date(2020, 3, 1), date(2020, 9, 1))
    calm, _ = hog_and_maize(1, weeks, ())
    struck, _ = hog_and_maize(1, weeks, (shock,), 28)
    share = {w.last_day: b / a for w, a, b in zip(weeks, calm, struck, strict=True)}
    assert np.mean([v for d, v in share.items() if d < date(2020, 3, 1)]) == 1.0
    assert np.mean([v for d, v in share.items() if date(2020, 4, 1) < d < date(2020, 9, 1)]) == pytest.approx(0.6, 0.01)
    assert np.mean([v for d, v in share.items() if d > date(2020, 10, 1)]) == pytest.approx(1.0, 0.001)


def test_losses_come_about_by_month() -> None:
    effects = p.EFFECTS
    assert Effects().course(_shock("employment", date(2021, 1, 1), date(2021, 5, 1))) == (1.0,)
    jobs = effects.course(_shock("employment", date(2021, 1, 1), date(2021, 5, 1)))
    assert len(jobs) == 4
    assert jobs == tuple(sorted(jobs))
    assert jobs[-1] == 1.0
    harvest = effects.course(Shock("hazard", "干旱", None, "", (), date(2021, 8, 3), 0.5, date(2021, 8, 9)))
    assert harvest == (0.0, 0.0, 1.0)  # maize in October
    assert effects.price_share(_shock("hog_price", date(2021, 1, 1), date(2021, 7, 1)), "hog") == 0.5


def test_the_day_of_crossing_lies_where_the_loss_by_then_is_too_much() -> None:
    none = np.zeros(1)
    empty = Portfolio(*(none for _ in range(9)))

    def impact(course: tuple[float, ...], onset: date) -> Impact:
        shock = _shock("employment", onset, date(2021, 9, 1))
        rows = np.zeros(0, dtype=np.int64)
        return Impact(shock, empty, empty, none, course, rows, rows)

    even = impact((0.5, 1.0), date(2021, 4, 1)).days(np.array([0.5, 0.25, 1.0]))
    assert even.tolist() == [day_number(d) for d in (date(2021, 5, 1), date(2021, 4, 16), date(2021, 6, 1))]
    at_once = impact((1.0,), date(2021, 4, 11)).days(np.array([0.7]))
    assert at_once.tolist() == [day_number(date(2021, 4, 11))]
    harvest = impact((0.0, 0.0, 1.0), date(2021, 4, 11)).days(np.array([0.7]))
    assert harvest.tolist() == [day_number(date(2021, 6, 16))]


def test_a_delay_moves_only_its_own_files() -> None:
    first, last = at(date(2021, 3, 1), 0.0), at(date(2021, 4, 1), 0.0)
    delay = Delay(("hrss_employment",), "341321", first, last, 30)
    moment = at(date(2021, 3, 5), 9.0)
    assert delay.moved("hrss_employment", "务工就业月报_341321_202102.csv", moment) == moment + timedelta(days=30)
    assert delay.moved("hrss_employment", "务工就业月报_341322_202102.csv", moment) == moment
    assert delay.moved("verdicts", "x_341321.csv", moment) == moment
    assert delay.moved("hrss_employment", "务工就业月报_341321_202103.csv", at(date(2021, 4, 5), 9.0)).month == 4


def test_a_path_is_no_part_of_the_truth(planned: Simulated) -> None:
    assert not list(Path(planned.inbox).rglob("crossings*"))
