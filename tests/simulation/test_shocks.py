"""The shock that the truth names is the one that the files show, in its place, size and time."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from defusedxml.ElementTree import fromstring

from simulation import Simulated
from simulation.months import last_day, month_of, parse_month
from simulation.portfolios import Portfolio, after_shock
from simulation.regions import choose_townships
from simulation.shocks import KINDS, draw
from tests.simulation.conftest import Worlds, files_of, rows_of
from tests.simulation.test_calm import market_weeks

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"


def _portfolio(**values: float) -> Portfolio:
    names = ("wage", "grain", "fruit", "hog", "other", "cost", "owned", "transfer", "claims")
    return Portfolio(**{n: np.array([values.get(n, 0.0)]) for n in names})


def test_costs_stay_when_a_price_falls() -> None:
    """methods.md §7: gross 10 000, cost 6 000, a fall of 20 %: net -50 %."""
    before = _portfolio(fruit=10_000, cost=6_000)
    after = after_shock(before, price_fall={"fruit": np.array([0.2])})
    assert after.net[0] / before.net[0] - 1 == -0.5


def test_price_fall_and_yield_loss_multiply_and_claims_are_added() -> None:
    before = _portfolio(grain=10_000, cost=4_000, wage=12_000)
    after = after_shock(
        before,
        price_fall={"grain": np.array([0.2])},
        yield_loss={"grain": np.array([0.5])},
        wage_lost=np.array([0.25]),
        claims=np.array([500.0]),
    )
    assert after.grain[0] == 4_000
    assert after.net[0] == 4_000 - 4_000 + 9_000 + 500


def test_a_shock_on_no_component_is_an_error() -> None:
    with pytest.raises(KeyError):
        after_shock(_portfolio(), price_fall={"horses": np.array([0.2])})


def _truth(world: Simulated) -> dict[str, Any]:
    record = json.loads(world.truth.read_text(encoding="utf-8"))
    assert len(record["shocks"]) == 1
    shock: dict[str, Any] = record["shocks"][0]
    return shock


def _reported(world: Simulated, word: str) -> list[dict[str, str]]:
    return [
        r for p in files_of(world, "household_register", "变动") for r in rows_of(p) if r["变动原因"].startswith(word)
    ]


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        *(("hazard", "因灾"), ("hog_price", "市场价格下跌"), ("pear_price", "市场价格下跌"), ("employment", "失业")),
        *(("site", "失业"), ("project", "产业失败"), ("link", "产业失败")),
    ],
)
def test_falls_are_reported_where_the_shock_struck_and_are_part_of_the_truth(
    worlds: Worlds, kind: str, word: str
) -> None:
    # Few of a small township hang on any one operator.
    size = {"households_per_township": 2_000} if word == "产业失败" else {}
    world = worlds(3, shock_kind=kind, **size)
    shock = _truth(world)
    reported = {r["户编号"] for r in _reported(world, word)}
    with world.truth_households.open(encoding="utf-8", newline="") as lines:
        true = {r["户编号"]: r for r in csv.DictReader(lines)}
    assert reported
    assert {true[h]["in_hardship"] for h in reported} == {"true"}
    assert {true[h]["township"] for h in reported} <= set(shock["township_codes"])
    struck = {h for h, r in true.items() if r["reason"].startswith(word)}
    assert reported <= struck
    assert 0.25 <= len(reported) / len(struck) <= 0.7
    assert shock["kind"] == kind


def test_a_hazard_is_warned_of_from_onset_to_the_end(worlds: Worlds) -> None:
    world = worlds(3, shock_kind="hazard")
    shock = _truth(world)
    assert shock["hazard_type"] == "干旱"
    assert 31 <= (date(2021, 12, 31) - date.fromisoformat(shock["onset_date"])).days <= 40
    sent = []
    for path in files_of(world, "warnings_cap"):
        alert = fromstring(path.read_bytes())
        info = alert.findall(f"{CAP}info")[1]
        place = info.findtext(f"{CAP}area/{CAP}geocode/{CAP}value")
        is_high = info.findtext(f"{CAP}severity") in {"Severe", "Extreme"}
        if place == shock["region_code"] and info.findtext(f"{CAP}event") == "干旱" and is_high:
            sent.append(datetime.fromisoformat(alert.findtext(f"{CAP}sent", "")))
    sent.sort()
    assert sent[0].date().isoformat() == shock["onset_date"]
    assert sent[-1].date() == date(2021, 12, 31)
    assert max((b - a).total_seconds() for a, b in pairwise(sent)) < 24 * 3600


def test_hogs_break_the_ladder_for_five_weeks(worlds: Worlds) -> None:
    world = worlds(3, shock_kind="hog_price")
    weeks = {
        (int(r["年份"]), int(r["周次"])): (float(r["生猪出场价格（元/公斤）"]), float(r["玉米批发价格（元/公斤）"]))
        for p in files_of(world, "prices_hog_grain")
        for r in rows_of(p)
    }
    last = sorted(weeks)[-5:]
    for year, week in last:
        hog, maize = weeks[year, week]
        assert hog / maize < 5
        assert hog / (sum(weeks[year - k, week][0] for k in (1, 2, 3)) / 3) - 1 <= -0.35


def test_pears_fall_in_dangshan_alone(worlds: Worlds) -> None:
    world = worlds(3, shock_kind="pear_price")
    for region, low, high in (("341321", -1.0, -0.4), ("341322", -0.08, 0.2)):
        weeks = market_weeks(world, "酥梨", region)
        for year, week in sorted(weeks)[-7:-1]:
            fall = weeks[year, week] / (sum(weeks[year - k, week] for k in (1, 2, 3)) / 3) - 1
            assert low <= fall <= high, (region, week)


def test_work_is_lost_in_one_county(worlds: Worlds) -> None:
    world = worlds(3, shock_kind="employment")
    shock = _truth(world)
    for county in ("341302", "341321"):
        at_work = [
            sum(r["就业状态"] == "在岗" for r in rows_of(files_of(world, "hrss_employment", f"_{county}_{month}")[0]))
            for month in ("202011", "202111")
        ]
        change = at_work[1] / at_work[0] - 1
        assert (change < -0.12) == (shock["region_code"] == f"{county}000000")


def test_a_site_loses_its_workshop(worlds: Worlds) -> None:
    world = worlds(3, shock_kind="site")
    shock = _truth(world)
    newest = rows_of(files_of(world, "relocation_sites", "202111")[0])
    row = next(r for r in newest if r["所在乡镇代码"].ljust(12, "0") == shock["region_code"])
    assert int(row["已就业人数"]) / int(row["劳动力人数"]) < 0.75
    assert int(row["零就业超30天户数"]) >= 3


def _newest(world: Simulated, feed: str) -> list[dict[str, str]]:
    """The rows of the lists of November, the last month that still arrives."""
    return [r for p in files_of(world, feed, "202111") for r in rows_of(p)]


def test_projects_stop_while_their_links_are_still_called_active(worlds: Worlds) -> None:
    world = worlds(3, shock_kind="project")
    shock = _truth(world)
    rows = [r for r in _newest(world, "industry_projects") if r["村编码"].startswith(shock["region_code"][:6])]
    stopped = [r for r in rows if r["运行状态"] == "停产" and r["状态日期"] >= shock["onset_date"]]
    assert len(stopped) / len(rows) >= 0.3
    assert {float(r["已分红"]) for r in stopped} == {0.0}
    operators = {r["经营主体代码"] for r in stopped}
    links = [r for r in _newest(world, "benefit_links") if r["经营主体或项目代码"] in operators]
    assert len(links) > 5
    assert sum(r["是否有效"] == "是" for r in links) / len(links) > 0.9


def test_operators_close_and_their_links_end(worlds: Worlds) -> None:
    world = worlds(3, shock_kind="link")
    shock = _truth(world)
    firms = [r for r in _newest(world, "enterprises") if r["乡镇代码"].ljust(12, "0") in shock["township_codes"]]
    closed = {r["统一社会信用代码"] for r in firms if r["注销日期"] >= shock["onset_date"]}
    assert 0.4 <= len(closed) / len(firms) <= 0.8
    ended = [r for r in _newest(world, "benefit_links") if r["经营主体或项目代码"] in closed]
    assert len(ended) > 5
    assert {r["是否有效"] for r in ended} == {"否"}
    assert {r["终止原因"] for r in ended} == {"主体注销"}


def test_a_site_empties_and_nobody_is_poorer_for_it(worlds: Worlds) -> None:
    world = worlds(3, shock_kind="settlement")
    shock = _truth(world)
    rows = _newest(world, "relocation_services")
    (row,) = (r for r in rows if r["所在乡镇代码"].ljust(12, "0") == shock["region_code"])
    homes = int(row["安置户数"])
    assert int(row["实际入住户数"]) == homes - round(shock["size"] * homes) < 0.85 * homes
    assert int(row["投诉信访件数"]) >= 0.08 * homes - 1
    assert world.counts["struck_reported"] == 0
    assert world.counts["in_hardship"] == worlds(3, shocks=False).counts["in_hardship"]


def test_the_seed_draws_every_kind_and_the_season_draws_the_hazard() -> None:
    townships = choose_townships(1, 5)
    drawn = [draw(seed, townships, (townships[1].code,), parse_month("2021-12"), None) for seed in range(60)]
    assert {s.kind for s in drawn} == set(KINDS)
    for month, kinds in (("2021-07", {"暴雨"}), ("2021-04", {"霜冻", "干旱"}), ("2021-11", {"干旱"})):
        end = parse_month(month)
        shocks = [draw(seed, townships, (townships[0].code,), end, "hazard") for seed in range(30)]
        assert {s.hazard_type for s in shocks} == kinds
        assert all(month_of(s.onset) == end - 1 for s in shocks)
        assert all((last_day(end) - s.onset).days <= 40 for s in shocks)


def test_townships_are_taken_county_by_county() -> None:
    assert {t.county for t in choose_townships(9, 5)} == {"341302", "341321", "341322", "341323", "341324"}
    assert len(choose_townships(9, 122)) == 122
    assert choose_townships(9, 5) == choose_townships(9, 5)
    assert choose_townships(9, 5) != choose_townships(10, 5)
