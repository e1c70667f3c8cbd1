"""The real polls of July and August 2026 and real CAP messages, landed and told as episodes.

What is expected was worked out twice: by hand from the files (the lists below), and by a few lines of plain Python over
the raw JSON that share nothing with the code under test.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from ingest.home import Home
from ingest.landing import Landed, land
from ingest.landing_views import create_views
from ingest.receipts import read_receipts
from signals.hazards import run_hazards
from tests.conftest import SHARED_DATA
from tests.e2e.conftest import build_models

# What the signals read.
MODELS = [
    *("+int_hazard__first_known", "+int_hazard__event_spells", "+int_region__ancestors"),
    *("+int_policy__thresholds_in_force", "+levels"),
]
pytestmark = pytest.mark.shared_data

POLLS = SHARED_DATA / "alerts" / "cma_snapshots"
DIVISIONS = SHARED_DATA / "admin" / "divisions_34.csv"
# Anhui without Suzhou itself; 3203 and 3213, which the polls name too, are in no register here and are not judged.
PREFECTURES = [f"34{n:02d}00000000" for n in (1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 15, 16, 17, 18)]
HAZARDS = {
    "高温": "high_temperature",
    "暴雨": "rainstorm",
    "大雾": "heavy_fog",
    "Strong convection": "strong_convection",
}
AS_OF = date(2026, 8, 10)

# Counties under an orange warning on the Beijing day 16 July, read from the files: (code, hazard) -> opened,
# last poll with it, first poll without it (None: still shown by the last poll of July), end, what the end rests on.
# Xuancheng (341800) warned as a prefecture: four counties and a zone of it were never named themselves.
XUANCHENG = ("2026-07-15 01:41:51", "2026-07-16 23:38:10", None, "2026-07-17 01:35:00", "expires")
EXPECTED = {
    ("341622", "rainstorm"): (
        *("2026-07-16 08:01:53", "2026-07-16 11:19:09", "2026-07-16 12:58:02", "2026-07-16 12:58:02", "absent"),
    ),
    ("341623", "high_temperature"): (
        *("2026-07-16 05:35:50", "2026-07-16 23:38:10", None, "2026-07-17 05:34:00", "expires"),
    ),
    ("341802", "high_temperature"): XUANCHENG,
    ("341821", "high_temperature"): XUANCHENG,
    ("341824", "high_temperature"): XUANCHENG,
    ("341825", "high_temperature"): XUANCHENG,
    ("341871", "high_temperature"): XUANCHENG,
    ("341823", "high_temperature"): (
        *("2026-07-14 06:23:34", "2026-07-16 23:38:10", None, "2026-07-17 03:32:00", "expires"),
    ),
    ("341881", "high_temperature"): (
        *("2026-07-15 01:41:51", "2026-07-16 23:38:10", None, "2026-07-17 04:01:00", "expires"),
    ),
    ("341882", "high_temperature"): (
        *("2026-07-14 05:18:48", "2026-07-16 23:38:10", None, "2026-07-17 03:57:00", "expires"),
    ),
}


@dataclass(frozen=True)
class Told:
    """What one run over the real files gave."""

    landed: Landed
    episodes: pd.DataFrame
    days: pd.DataFrame
    warnings: pd.DataFrame


def _stamp(name: str) -> str:
    """warnings_20260716T111909Z.json -> the time of the poll, with its zone."""
    return datetime.strptime(name, "warnings_%Y%m%dT%H%M%SZ.json").replace(tzinfo=UTC).isoformat()


def _fill_inbox(inbox: Path) -> None:
    arrivals = []
    for feed, sources in (
        ("warnings_poll", sorted(POLLS.glob("*.json"))),
        ("warnings_cap", sorted((SHARED_DATA / "alerts" / "cap").glob("*.cap"))),
        ("warnings_cap", sorted((SHARED_DATA / "alerts" / "china").glob("wmo_*.xml"))),
    ):
        (inbox / feed).mkdir(parents=True, exist_ok=True)
        for source in sources:
            shutil.copy(source, inbox / feed / source.name)
            received = _stamp(source.name) if feed == "warnings_poll" else "2026-07-14T00:00:00+00:00"
            arrivals.append((f"{feed}/{source.name}", received))
    (inbox / "region_register").mkdir()
    shutil.copy(DIVISIONS, inbox / "region_register" / "divisions_34_2023.csv")
    arrivals.append(("region_register/divisions_34_2023.csv", "2023-07-01T00:00:00+00:00"))
    with (inbox / "arrivals.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("file", "received_at"), *arrivals])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The real files, landed at their true times and judged on 10 August."""
    root = tmp_path_factory.mktemp("real-hazards")
    _fill_inbox(root / "inbox")
    home = Home(root / "home")
    home.root.mkdir()
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("SHOUXIAN_KEYS", raising=False)
        patched.setenv("SHOUXIAN_PREFECTURES", ",".join(code[:6] for code in PREFECTURES))
        landed = land(root / "inbox", home=home)
        folder = root / "run"
        folder.mkdir()
        with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
            create_views(con, home, read_receipts(home))
            con.execute("create schema signals")
            con.execute(
                "create table landing.run_clock (as_of_date date, known_at timestamp, history_months integer, "
                "prefecture_code varchar)"
            )
            known = datetime(2026, 8, 10, 16)
            con.executemany(
                "insert into landing.run_clock values (?, ?, 24, ?)", [[AS_OF, known, code] for code in PREFECTURES]
            )
        build_models(folder, home, MODELS)
        with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
            frames = run_hazards(con)
            warnings = con.execute("select * from intermediate.int_hazard__warnings").df()
        yield Told(landed, frames["hazard_episodes"], frames["hazard_days"], warnings)


def _parse(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)


@cache
def _documents() -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(POLLS.glob("*.json"))]


def _oracle(
    hazard_zh: str, county: str, colours: set[str]
) -> list[tuple[datetime, datetime, datetime | None, datetime]]:
    """Episodes of one county by the raw JSON: opened, last poll with it, first poll near by without it, end."""
    documents = _documents()
    episodes: list[tuple[datetime, datetime, datetime | None, datetime]] = []
    for place, document in enumerate(documents):
        shown = [
            row
            for code in (county, county[:4] + "00")
            for row in document["warnings"].get(code, [])
            if row["type"] == hazard_zh and row["color"] in colours
        ]
        if not shown:
            continue
        poll = _parse(document["updated"])
        issued = min(_parse(row["issued"]) for row in shown)
        expires = max(_parse(row["expires"]) for row in shown)
        following = _parse(documents[place + 1]["updated"]) if place + 1 < len(documents) else None
        near = following if following is not None and following - poll <= timedelta(hours=12) else None
        if episodes and issued <= episodes[-1][3] + timedelta(hours=24):
            opened = min(episodes.pop()[0], issued)
        else:
            opened = issued
        episodes.append((opened, poll, near, near or expires))
    return episodes


def _on(day: date, episode: tuple[datetime, datetime, datetime | None, datetime]) -> bool:
    begins = datetime.combine(day, datetime.min.time()) - timedelta(hours=8)
    return episode[0] < begins + timedelta(days=1) and episode[3] > begins


def _counties() -> list[str]:
    with DIVISIONS.open(encoding="utf-8") as source:
        rows = [row["code"] for row in csv.DictReader(source) if row["level"] == "county"]
    return [code for code in rows if code[:4] != "3413"]


def _orange_by_oracle() -> dict[tuple[str, str], tuple[datetime, datetime, datetime | None, datetime]]:
    return {
        (county, code): episode
        for county in _counties()
        for hazard_zh, code in HAZARDS.items()
        for episode in _oracle(hazard_zh, county, {"橙色", "红色"})
        if _on(date(2026, 7, 16), episode)
    }


def test_the_hand_checked_list_and_the_oracle_agree() -> None:
    by_hand = {
        key: (_parse(opened), _parse(seen), _parse(absent) if absent else None, _parse(end))
        for key, (opened, seen, absent, end, _) in EXPECTED.items()
    }
    assert _orange_by_oracle() == by_hand


def test_every_poll_lands_and_its_rows_add_up(told: Told) -> None:
    polls = [r for r in told.landed.receipts if r.feed == "warnings_poll"]
    assert [r.outcome for r in polls] == ["landed"] * 57
    assert all(r.rows_in == r.accepted + r.quarantined + r.duplicates for r in told.landed.receipts)
    counted = sum(json.loads(path.read_text(encoding="utf-8"))["count"] for path in POLLS.glob("*.json"))
    assert counted == 3855 == sum(r.rows_in for r in polls)


def test_the_counties_under_orange_on_16_july_are_these_and_no_others(told: Told) -> None:
    days = told.days[(told.days["day"] == "2026-07-16") & told.days["highest_colour"].isin(["orange", "red"])]
    counties = {code + "000000" for code in _counties()}
    of_counties = days[days["region_code"].isin(counties)]
    found = set(zip(of_counties["region_code"].str[:6], of_counties["hazard_code"], strict=True))
    assert found == set(EXPECTED)


@pytest.mark.parametrize("key", sorted(EXPECTED))
def test_each_orange_episode_ended_between_these_polls(told: Told, key: tuple[str, str]) -> None:
    opened, last_seen, first_absent, ended, basis = EXPECTED[key]
    found = told.episodes[
        (told.episodes["region_code"] == key[0] + "000000")
        & (told.episodes["hazard_code"] == key[1])
        & (told.episodes["opening_colour"] == "orange")
        & (told.episodes["opened_at"] < "2026-08-01")
    ]
    assert len(found) == 1
    one = found.iloc[0]
    assert (one["opened_at"], one["last_seen_at"]) == (pd.Timestamp(opened), pd.Timestamp(last_seen))
    assert (one["ended_at"], one["end_basis"]) == (pd.Timestamp(ended), basis)
    assert one["is_end_estimated"] == (basis == "expires")
    assert (None if pd.isna(one["first_absent_at"]) else one["first_absent_at"]) == (
        pd.Timestamp(first_absent) if first_absent else None
    )
    assert one["is_inherited"] == (EXPECTED[key] is XUANCHENG)


def test_every_county_and_hazard_agrees_with_the_oracle_at_every_colour(told: Told) -> None:
    zh_colours = {"blue": "蓝色", "yellow": "黄色", "orange": "橙色", "red": "红色"}
    types = {**HAZARDS, "台风": "typhoon", "大风": "gale", "地质灾害气象风险": "geological"}
    expected = {
        (county + "000000", code, colour, episode[0], episode[1])
        for county in _counties()
        for hazard_zh, code in types.items()
        for rank, colour in enumerate(zh_colours)
        for episode in _oracle(hazard_zh, county, set(list(zh_colours.values())[rank:]))
    }
    counties = {code + "000000" for code in _counties()}
    found = {
        (r.region_code, r.hazard_code, r.opening_colour, r.opened_at, r.last_seen_at)
        for r in told.episodes.itertuples()
        if r.region_code in counties
    }
    assert found == expected


def test_no_red_anywhere_and_no_type_unread(told: Told) -> None:
    assert "red" not in set(told.episodes["highest_colour"])
    polled = told.warnings[told.warnings["source_kind"] == "poll"]
    assert polled["caution"].isna().all()
    assert polled["refusal_reason"].isna().all()


def test_neighbours_outside_the_register_are_not_judged(told: Told) -> None:
    named = set(told.warnings["region_code"].str[:4])
    assert {"3203", "3213"} <= named
    assert not {"3203", "3213"} & set(told.episodes["region_code"].str[:4])


def test_a_message_that_breaks_the_schema_is_kept_and_used_for_nothing(told: Told) -> None:
    excerpt = told.warnings[told.warnings["message_id"] == "13013241600000_20260826160913"]
    assert list(excerpt["refusal_reason"]) == ["schema_invalid"]
    # Every other real message is a foreign sample: none may become an episode here.
    assert set(told.episodes["sources"]) == {"poll"}
    landed = [r for r in told.landed.receipts if r.feed == "warnings_cap" and r.file_name.startswith("wmo_")]
    assert [r.outcome for r in landed] == ["landed"]
