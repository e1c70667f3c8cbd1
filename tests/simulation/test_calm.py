"""Without a shock nothing may look like one: prices, warnings, work and incomes stay within narrow bands."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import xmlschema
from defusedxml.ElementTree import fromstring

from simulation import Simulated
from tests.simulation.conftest import Worlds, files_of, rows_of

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"


def _hog_weeks(world: Simulated) -> dict[tuple[int, int], tuple[float, float]]:
    return {
        (int(r["年份"]), int(r["周次"])): (float(r["生猪出场价格（元/公斤）"]), float(r["玉米批发价格（元/公斤）"]))
        for p in files_of(world, "prices_hog_grain")
        for r in rows_of(p)
    }


def _falls(prices: dict[tuple[int, int], float]) -> dict[tuple[int, int], float]:
    """Each week's price over the mean of the same week in the three years before, minus one."""
    found = {}
    for (year, week), price in prices.items():
        before = [prices[year - k, week] for k in (1, 2, 3) if (year - k, week) in prices]
        if len(before) == 3:
            found[year, week] = price / (sum(before) / 3) - 1
    return found


def market_weeks(world: Simulated, product: str, region: str) -> dict[tuple[int, int], float]:
    """Weekly mean of a product's quotes with a price."""
    weeks: dict[tuple[int, int], list[float]] = defaultdict(list)
    for path in files_of(world, "prices_market"):
        for row in rows_of(path):
            if (row["品名"], row["地区代码"]) == (product, region) and float(row["平均价"]) > 0:
                day = datetime.fromisoformat(row["发布日期"])
                weeks[day.year, (day.timetuple().tm_yday - 1) // 7 + 1].append(float(row["平均价"]))
    return {week: sum(prices) / len(prices) for week, prices in weeks.items()}


@pytest.mark.parametrize("seed", [3, 4])
def test_hogs_stay_above_the_official_ladder_and_near_their_seasons(worlds: Worlds, seed: int) -> None:
    weeks = _hog_weeks(worlds(seed, shocks=False))
    assert {year for year, _ in weeks} == set(range(2016, 2022))
    assert min(hog / maize for hog, maize in weeks.values()) > 6.3
    falls = _falls({week: hog for week, (hog, _) in weeks.items()})
    assert len(falls) > 150
    assert min(falls.values()) > -0.08


@pytest.mark.parametrize(
    ("product", "region"), [("酥梨", "341321"), ("早酥梨", "341321"), ("小麦", "341302"), ("玉米", "341302")]
)
def test_markets_never_fall_below_their_seasons(calm: Simulated, product: str, region: str) -> None:
    falls = _falls(market_weeks(calm, product, region))
    assert falls
    assert min(falls.values()) > -0.08


def test_early_pears_lose_nearly_half_in_twenty_days_every_year(calm: Simulated) -> None:
    by_day: dict[int, dict[datetime, float]] = defaultdict(dict)
    for path in files_of(calm, "prices_market"):
        for row in rows_of(path):
            if row["品名"] == "早酥梨" and float(row["平均价"]) > 0:
                day = datetime.fromisoformat(row["发布日期"])
                by_day[day.year][day] = float(row["平均价"])
    assert len(by_day) == 6
    for days in by_day.values():
        first = min(days)
        assert days[first + timedelta(days=20)] / days[first] - 1 == pytest.approx(-0.46, abs=0.05)
        assert {d.month for d in days} == {7, 8, 9}


def test_a_few_quotes_are_repeated_or_without_a_price(worlds: Worlds, calm: Simulated) -> None:
    rows = [tuple(r.values()) for p in files_of(calm, "prices_market") for r in rows_of(p)]
    assert 1 <= sum(n - 1 for n in Counter(rows).values()) <= 0.002 * len(rows)
    assert 1 <= sum(float(r[2]) <= 0 for r in rows) <= 0.002 * len(rows)


def _messages(world: Simulated) -> list[dict[str, str]]:
    found = []
    for path in files_of(world, "warnings_cap"):
        alert = fromstring(path.read_bytes())
        info = alert.findall(f"{CAP}info")[1]
        found.append(
            {
                "id": alert.findtext(f"{CAP}identifier", ""),
                "kind": alert.findtext(f"{CAP}msgType", ""),
                "sent": alert.findtext(f"{CAP}sent", ""),
                "references": alert.findtext(f"{CAP}references", ""),
                "expires": info.findtext(f"{CAP}expires", ""),
                "event": info.findtext(f"{CAP}event", ""),
                "color": info.findtext(f"{CAP}parameter/{CAP}value", ""),
                "region": info.findtext(f"{CAP}area/{CAP}geocode/{CAP}value", ""),
            }
        )
    return sorted(found, key=lambda m: m["sent"])


def test_routine_warnings_are_short_and_never_high_near_the_end(worlds: Worlds) -> None:
    for seed in (3, 4):
        for message in _messages(worlds(seed, shocks=False)):
            sent, expires = datetime.fromisoformat(message["sent"]), datetime.fromisoformat(message["expires"])
            assert expires - sent <= timedelta(hours=24)
            if sent.date().isoformat() > "2021-11-16":
                assert message["color"] in {"蓝色", "黄色"}


def test_no_week_passes_without_a_message(worlds: Worlds) -> None:
    for seed in (3, 4):
        sent = [datetime.fromisoformat(m["sent"]) for m in _messages(worlds(seed, shocks=False))]
        sent.append(datetime.fromisoformat("2021-12-31T23:59:59+08:00"))
        assert max(b - a for a, b in pairwise(sent)) < timedelta(days=7)


@pytest.mark.parametrize("kind", [None, "hazard"])
def test_polls_and_messages_tell_the_same_story(worlds: Worlds, kind: str | None) -> None:
    world = worlds(3, shocks=kind is not None, shock_kind=kind)
    messages = _messages(world)
    ended: dict[str, datetime] = {}
    for message in messages:
        if message["references"]:
            ended[message["references"].split(",")[1]] = datetime.fromisoformat(message["sent"])
    seen = 0
    for path in files_of(world, "warnings_poll"):
        poll = json.loads(path.read_text(encoding="utf-8"))
        moment = datetime.fromisoformat(poll["updated"])
        assert path.name == f"warnings_{moment:%Y%m%dT%H%M%SZ}.json"
        expected = sorted(
            (m["region"][:6], m["event"], m["color"])
            for m in messages
            if m["kind"] != "Cancel"
            and datetime.fromisoformat(m["sent"]) <= moment
            and moment < datetime.fromisoformat(m["expires"])
            and (m["id"] not in ended or moment < ended[m["id"]])
        )
        polled = sorted((code, w["type"], w["color"]) for code, warnings in poll["warnings"].items() for w in warnings)
        assert polled == expected, path.name
        assert poll["count"] == len(polled)
        seen += len(polled)
    assert seen


@pytest.mark.shared_data
def test_every_message_is_valid_cap(worlds: Worlds, shared_data: Path) -> None:
    schema = xmlschema.XMLSchema(shared_data / "alerts" / "cap" / "cap12.xsd")
    for path in files_of(worlds(3, shock_kind="hazard"), "warnings_cap"):
        schema.validate(path)


def test_work_follows_the_seasons_and_stays_flat_from_year_to_year(calm: Simulated) -> None:
    shares = {}
    for path in files_of(calm, "hrss_employment", "_341302_"):
        rows = rows_of(path)
        shares[path.stem[-6:]] = sum(r["就业状态"] == "在岗" for r in rows) / len(rows)
        assert all(bool(r["月工资"]) == (r["就业状态"] == "在岗") for r in rows)
    for month in ("09", "10", "11"):
        assert shares[f"2021{month}"] == pytest.approx(shares[f"2020{month}"], abs=0.01)
    assert shares["202102"] < shares["202104"] - 0.1


def test_sites_have_work_and_no_household_without(calm: Simulated) -> None:
    rows = [r for p in files_of(calm, "relocation_sites") for r in rows_of(p)]
    assert rows
    for row in rows:
        assert 0.94 <= int(row["已就业人数"]) / int(row["劳动力人数"]) <= 0.98
        assert row["零就业超30天户数"] == "0"


def test_sites_are_lived_in_and_their_people_settled(calm: Simulated) -> None:
    rows = [r for p in files_of(calm, "relocation_services") for r in rows_of(p)]
    assert rows
    for row in rows:
        assert int(row["实际入住户数"]) / int(row["安置户数"]) >= 0.95
        assert int(row["物业费欠缴户数"]) / int(row["安置户数"]) <= 0.1
        assert int(row["投诉信访件数"]) <= 2


def test_few_households_fall_under_the_line_in_a_full_township(worlds: Worlds) -> None:
    world = worlds(21, shocks=False, townships=1, households_per_township=12_000, first_month="2020-12")
    parts = (
        "工资性收入",
        "粮食种植收入",
        "林果业收入",
        "生猪养殖收入",
        "其他经营收入",
        "财产性收入",
        "转移性收入",
        "家庭理赔收入",
    )

    def net(row: dict[str, str]) -> float:
        return sum(float(row[p]) for p in parts) - float(row["生产经营性支出"])

    first, second = (
        {r["户编号"]: (net(r), int(r["家庭人口数"]), r["户类型"]) for r in rows_of(p)}
        for p in files_of(world, "household_register", "_户_")
    )
    for path in files_of(world, "household_register", "变动"):
        assert len(rows_of(path)) <= 8
    # A household that split off has no income of its own a year before.
    second = {h: row for h, row in second.items() if h in first}
    crossed = [
        h for h, (income, size, _) in second.items() if income < 6_000 * size and first[h][0] >= 6_000 * first[h][1]
    ]
    fallen = [h for h, (income, _, _) in second.items() if income < 0.7 * first[h][0]]
    assert len(set(crossed + fallen)) <= 30
    low = sum(income < 6_000 * size for income, size, _ in first.values())
    assert low < 60
    lifted_out = sum(kind == "脱贫户" for _, _, kind in first.values())
    assert 1_850 <= lifted_out <= 2_050
    with (world.truth_households).open(encoding="utf-8", newline="") as lines:
        assert sum(1 for _ in csv.DictReader(lines)) == 12_000
