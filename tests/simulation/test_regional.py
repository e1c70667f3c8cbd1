"""The regional and hazard feeds: every file lands without a word, and all of them tell of the same disasters."""

from __future__ import annotations

import csv
import json
import math
import re
from collections import defaultdict
from datetime import date, datetime, timedelta

import duckdb
import numpy as np
import openpyxl
import pytest
from defusedxml.ElementTree import fromstring

from ingest.home import Home
from ingest.landing import Landed, land
from ingest.landing_views import create_views
from ingest.receipts import read_receipts
from simulation import Simulated
from simulation.disasters import FIRE, Disaster, disasters
from simulation.loss_files import LAYOUTS, Layout, in_layout
from simulation.months import at, first_day, last_day, parse_month
from simulation.regions import choose_townships, counties_of
from simulation.statements import Cell
from simulation.story import World
from simulation.weather_files import Observed, observed
from tests.simulation.conftest import Worlds, files_of, rows_of

REGIONAL = (
    *("loss_reports", "duty_reports", "fires", "animal_disease", "epidemic", "public_emergencies", "crop_pests"),
    *("geological_points", "station_weather", "earthquakes", "gdacs", "prices_world", "labour_series"),
)
SEAT = (117.0, 33.6)  # of the prefecture


@pytest.fixture(scope="module")
def struck(worlds: Worlds) -> Simulated:
    return worlds(3, shock_kind="hazard")


@pytest.fixture(scope="module")
def landed(struck: Simulated, tmp_path_factory: pytest.TempPathFactory) -> tuple[Landed, duckdb.DuckDBPyConnection]:
    """What the landing made of the regional feeds, and the landing as the warehouse sees it."""
    home = Home(tmp_path_factory.mktemp("regional") / "home")
    done = land(struck.inbox, home=home, feeds=REGIONAL)
    connection = duckdb.connect()
    create_views(connection, home, read_receipts(home))
    return done, connection


def _truth(world: Simulated) -> dict[tuple[str, str], dict[str, str]]:
    with (world.truth.parent / "disasters.csv").open(encoding="utf-8", newline="") as lines:
        return {(r["event_code"], r["township"]): r for r in csv.DictReader(lines)}


def test_every_regional_file_lands_without_a_word(landed: tuple[Landed, duckdb.DuckDBPyConnection]) -> None:
    done, _ = landed
    assert done.rejected == []
    assert {r.feed for r in done.receipts if r.accepted} == set(REGIONAL)
    assert done.counts["quarantined"] == 0
    # Years of history come in one file at the start: late, and said to be.
    late = {("prices_world", "late_arrival"), ("station_weather", "late_arrival")}
    assert {(r.feed, c) for r in done.receipts for c in r.cautions} == late
    # Days told twice, by weather files that overlap, are the only repeats.
    assert {r.feed for r in done.receipts if r.duplicates} == {"station_weather"}


def test_nil_returns_are_files_without_rows(landed: tuple[Landed, duckdb.DuckDBPyConnection]) -> None:
    done, _ = landed
    silent = {r.feed for r in done.receipts if r.rows_in == 0}
    assert silent == {"loss_reports", "duty_reports", "fires", "animal_disease", "epidemic", "public_emergencies"}


def test_every_office_of_events_speaks_from_the_first_week(struck: Simulated) -> None:
    """An office that never spoke leaves its hazards unknown, and what was raised before would be held for years."""
    for feed in ("loss_reports", "fires", "animal_disease", "epidemic", "public_emergencies"):
        with struck.arrivals.open(encoding="utf-8", newline="") as lines:
            came = [r["received_at"] for r in csv.DictReader(lines) if r["file"].startswith(f"{feed}/")]
        assert min(came)[:10] <= "2020-09-14", feed


def test_units_jump_and_land_as_mu_and_yuan(
    struck: Simulated, landed: tuple[Landed, duckdb.DuckDBPyConnection]
) -> None:
    heads = set()
    for path in files_of(struck, "loss_reports"):
        cells = [c for row in openpyxl.load_workbook(path).active.iter_rows(max_row=4, values_only=True) for c in row]
        heads |= set(re.findall(r"千公顷|公顷|亩|亿元|万元", "".join(str(c) for c in cells if c)))
    assert heads == {"千公顷", "公顷", "亩", "亿元", "万元"}
    _, connection = landed
    rows = connection.execute(
        """select event_code, region_code, crop_affected_mu, affected_household_count, direct_loss_cny, crop_damaged_mu
        from landing.loss_reports where report_stage = '核报'"""
    ).fetchall()
    true = _truth(struck)
    assert rows
    for code, township, affected, households, loss, damaged in rows:
        assert households == int(true[code, township]["affected_households"])
        assert float(affected) == pytest.approx(6.5 * households, rel=0.02, abs=0.2)
        assert 500 < float(loss) / max(1.0, float(damaged)) < 40_000


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda x: f"{x.area}-{x.money}-{x.area_where}")
def test_a_layout_changes_the_unit_and_not_the_figure(layout: Layout) -> None:
    row: dict[str, Cell] = {"农作物受灾面积": 30_000.0, "农作物成灾面积": None, "农作物绝收面积": 0.0}
    money: dict[str, Cell] = {"直接经济损失": 123_450_000.0, "农业经济损失": None}
    headers, (written,), _ = in_layout(layout, [{**row, **money}])
    assert len(headers) == 18
    area = {"亩": 30_000.0, "公顷": 2_000.0, "千公顷": 2.0}[layout.area]
    yuan = {"元": 123_450_000.0, "万元": 12_345.0, "亿元": 1.2345}[layout.money]
    found = {h.split("（")[0]: v for h, v in written.items()}
    assert float(str(found["农作物受灾面积"]).rstrip("亩")) == area
    assert found["直接经济损失"] == yuan
    assert found["农作物成灾面积"] is None


def test_reports_replace_each_other_and_shrink_at_times(worlds: Worlds) -> None:
    shrunk = 0
    for seed in (3, 4):
        told: dict[tuple[str, str], dict[str, dict[str, str]]] = defaultdict(dict)
        for path in files_of(worlds(seed, shocks=False), "loss_reports"):
            for row in rows_of(path):
                told[row["灾情编号"], row["乡镇代码"]][row["报告阶段"]] = row
        for stages in told.values():
            first = stages.get("初报")
            if first:
                late = datetime.fromisoformat(first["上报时间"]) - datetime.fromisoformat(first["发生时间"])
                assert timedelta(0) < late < timedelta(hours=2)
            if "续报" in stages and "核报" in stages:
                shrunk += int(stages["核报"]["受灾人口"]) < int(stages["续报"]["受灾人口"])
    assert shrunk


def test_every_call_comes_before_the_first_report_and_names_its_event_later(struck: Simulated) -> None:
    true = _truth(struck)
    calls: dict[str, list[dict[str, str]]] = defaultdict(list)
    for path in files_of(struck, "duty_reports"):
        for row in rows_of(path):
            calls[row["报告编号"]].append(row)
    assert len(calls) == len({code for code, _ in true})
    for said in calls.values():
        said.sort(key=lambda r: r["报告时间"])
        waited = datetime.fromisoformat(said[0]["报告时间"]) - datetime.fromisoformat(said[0]["发生时间"])
        assert timedelta(minutes=4) < waited < timedelta(minutes=41)
        assert said[0]["灾情编号"] == ""
        assert {r["灾情编号"] for r in said[1:]} <= {code for code, _ in true}
    assert any(len(said) == 2 for said in calls.values())


def test_fires_are_told_by_the_brigade_alone_and_find_their_household(struck: Simulated) -> None:
    fires = [r for p in files_of(struck, "fires") for r in rows_of(p)]
    losses = {r["灾情编号"] for p in files_of(struck, "loss_reports") for r in rows_of(p)}
    assert fires
    assert not losses & {r["火灾编号"] for r in fires}
    numbers = {r["户编号"] for p in files_of(struck, "household_register", "_户_") for r in rows_of(p)}
    named = {r["户编号"] for r in fires if r["户编号"]}
    assert named <= numbers


def test_small_disasters_stay_under_the_lowest_level_of_losses(worlds: Worlds) -> None:
    for seed in (3, 4):
        for row in _truth(worlds(seed, shocks=False)).values():
            assert row["is_shock"] == "false"
            assert int(row["affected_households"]) < 0.02 * 400


def test_the_shock_is_the_one_disaster_that_the_truth_calls_so(struck: Simulated) -> None:
    shock = json.loads(struck.truth.read_text(encoding="utf-8"))["shocks"][0]
    rows = [r for r in _truth(struck).values() if r["is_shock"] == "true"]
    assert {r["township"] for r in rows} == set(shock["township_codes"])
    assert {r["hazard_text"] for r in rows} == {shock["hazard_type"]}
    assert {r["occurred_at"][:10] for r in rows} == {shock["onset_date"]}


def _world() -> World:
    towns = choose_townships(3, 2)
    months = range(parse_month("2020-09"), parse_month("2021-04") + 1)
    return World(3, months, towns, counties_of(towns), (), (), 400)


def _days(world: World) -> list[date]:
    first, end = date(1990, 1, 1), last_day(world.last_month)
    return [first + timedelta(days=n) for n in range((end - first).days + 1)]


def _weather_of(hazard: str, onset: date) -> tuple[list[date], Observed, Observed]:
    world = _world()
    days = _days(world)
    county = world.counties[0]
    struck = Disaster("ZQ", hazard, county, (), (), at(onset, 10.0), 0.8, is_shock=True)
    return days, observed(world, county, days, []), observed(world, county, days, [struck])


def test_a_drought_shows_in_ninety_days_of_rain() -> None:
    onset = date(2021, 4, 20)
    days, calm, dry = _weather_of("干旱", onset)
    place = days.index(onset)
    totals = [
        float(calm.rain[days.index(onset.replace(year=y)) - 90 : days.index(onset.replace(year=y))].sum())
        for y in range(1991, 2021)
    ]
    assert len(totals) == 30
    assert float(dry.rain[place - 90 : place].sum()) < min(totals) / 2
    assert float(dry.soil[place]) < float(calm.soil[place])


def test_frost_in_bloom_and_a_rainstorm_show_on_their_days_alone() -> None:
    days, calm, cold = _weather_of("霜冻", date(2021, 4, 5))
    place = days.index(date(2021, 4, 5))
    assert float(cold.lowest[place]) < 0 < float(np.median(calm.lowest[place - 10 : place]))
    days, calm, wet = _weather_of("暴雨", date(2020, 9, 6))
    place = days.index(date(2020, 9, 6))
    assert float(wet.rain[place]) >= 90
    assert float(calm.rain.max()) < 50
    assert float(wet.stage[place]) > float(calm.stage[place]) + 1


def test_stations_miss_days_and_tell_the_others_twice_alike(struck: Simulated) -> None:
    said: dict[tuple[str, str], set[tuple[str, ...]]] = defaultdict(set)
    for path in files_of(struck, "station_weather", "-"):
        for row in rows_of(path):
            said[row["站号"], row["观测日期"]].add(tuple(row.values()))
    assert all(len(rows) == 1 for rows in said.values())
    stations = {station for station, _ in said}
    days = (date(2021, 12, 26) - date(2020, 9, 1)).days + 1
    told = sum(day >= "2020-09-01" for _, day in said)
    assert 0 < len(stations) * days - told < 0.03 * len(stations) * days


def test_world_prices_are_restated_in_the_next_edition_alone(landed: tuple[Landed, duckdb.DuckDBPyConnection]) -> None:
    _, connection = landed
    vintages = connection.execute(
        """select price_month, count(distinct price_usd) from landing.world_price_monthly
        where commodity_text = 'Maize' group by price_month order by price_month"""
    ).fetchall()
    changed = [month for month, count in vintages if count == 2]
    assert len(changed) >= 14
    assert min(changed) >= date(2020, 7, 1)
    assert all(count <= 2 for _, count in vintages)


def test_lost_jobs_show_in_the_countys_series_and_nowhere_else(worlds: Worlds) -> None:
    world = worlds(3, shock_kind="employment")
    shock = world.shock
    assert shock is not None
    rates: dict[tuple[str, str], float] = {}
    for path in files_of(world, "labour_series", "就业月报_2"):
        for row in rows_of(path):
            rates[row["地区代码"], row["统计月份"]] = float(row["城镇调查失业率（%）"])
    before, after = (f"{first_day(shock.onset_month - k):%Y-%m}" for k in (1, 0))
    for county in {c for c, _ in rates}:
        rise = rates[county, after] - rates[county, before]
        assert (rise > 1.0) == shock.region_code.startswith(county)


def test_what_shakes_and_burns_in_the_world_is_far_away(landed: tuple[Landed, duckdb.DuckDBPyConnection]) -> None:
    _, connection = landed
    points = connection.execute(
        """select longitude, latitude from landing.earthquakes
        union all select longitude, latitude from landing.gdacs_events"""
    ).fetchall()
    assert len(points) > 200
    for longitude, latitude in points:
        east = (float(longitude) - SEAT[0]) * math.cos(math.radians(SEAT[1]))
        assert math.hypot(east, float(latitude) - SEAT[1]) * 111 > 500


def test_the_published_forms_are_kept(struck: Simulated) -> None:
    for path in files_of(struck, "earthquakes"):
        text = path.read_text(encoding="utf-8")
        if path.name.startswith("cenc"):
            assert text.startswith("({")
            assert text.endswith("})")
        else:
            document = json.loads(text)
            assert document["metadata"]["count"] == len(document["features"])
    for path in files_of(struck, "gdacs"):
        assert fromstring(path.read_bytes()).find("channel/item") is not None


def test_disasters_carry_codes_of_their_own_and_fall_in_season(worlds: Worlds) -> None:
    world = _world()
    found = disasters(world)
    assert len({d.event_code for d in found}) == len(found)
    for disaster in found:
        assert re.fullmatch(rf"ZQ{disaster.county}{disaster.occurred_at:%Y%m%d}\d+", disaster.event_code)
        assert disaster.hazard_text != "冰雹" or disaster.occurred_at.month in (4, 5, 6, 7)
        assert disaster.hazard_text != FIRE or len(disaster.townships) == 1
